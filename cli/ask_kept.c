/* SPDX-License-Identifier: MIT
 *
 * Replies that nobody asked to have recorded: they are kept beside --out all the same
 * until the votes are written, so that work that ends before it is done (a full disk, a
 * server that stops, a kill) is not paid for twice.
 */
#define _GNU_SOURCE // O_DIRECTORY
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ask.h"
#include "say.h"

/* Whether --out becomes a file: beside a pipe or a device nothing is to be kept. */
static bool becomes_file(const char *path) {
  struct stat about;
  if (strcmp(path, "-") == 0 || strncmp(path, "/dev/", 5) == 0) return false;
  return stat(path, &about) != 0 || S_ISREG(about.st_mode) || S_ISDIR(about.st_mode);
}

static ws_status lock(ask *a, ws_error *err) {
  ws_buffer path = {0};
  ws_status status = ws_buffer_printf(&path, "%s/.ask.lock", a->kept.data);
  status = status == WS_OK ? ws_lock_take(path.data, &a->lock, err) : ws_error_nomem(err);
  ws_buffer_clear(&path);
  return status;
}

ws_status ask_keep_begin(ask *a, ws_error *err) {
  const options *o = a->o;
  if (o->record || o->replay || o->dry_run || !becomes_file(o->out)) return WS_OK;
  size_t size = strlen(o->out);
  while (size > 1 && o->out[size - 1] == '/') size--;
  if (ws_buffer_printf(&a->kept, "%.*s.unfinished", (int)size, o->out) != WS_OK)
    return ws_error_nomem(err);
  if (mkdir(a->kept.data, 0777) != 0 && errno != EEXIST)
    return ws_error_set(err, WS_EIO, "%s: cannot be made, to keep replies: %s",
                        a->kept.data, strerror(errno));
  a->settings.chat.record = a->kept.data;
  return lock(a, err);
}

/* KEY.json, or one that was being written. */
static bool is_entry(const char *name) {
  return strspn(name, "0123456789abcdef") == 32 && strncmp(name + 32, ".json", 5) == 0;
}

static void remove_entries(const char *path) {
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  DIR *folder = fd < 0 ? NULL : fdopendir(fd);
  for (struct dirent *entry; folder && (entry = readdir(folder));)
    if (is_entry(entry->d_name)) unlinkat(dirfd(folder), entry->d_name, 0);
  if (folder)
    closedir(folder);
  else if (fd >= 0)
    close(fd);
}

void ask_keep_end(ask *a, bool done) {
  if (!a->lock) return;
  if (done) remove_entries(a->kept.data);
  ws_lock_release(a->lock);
  a->lock = NULL;
  rmdir(a->kept.data); // unless something is kept
}

void ask_keep_say(const ask *a) {
  const char *folder = a->o->record ? a->o->record : a->kept.size ? a->kept.data : NULL;
  if (!ws_chat_account_of(a->chat).replies || a->o->replay) return;
  if (!folder)
    say_note(a->o, "what was answered is lost: with --record DIR it is kept");
  else
    say_note(a->o, "what was answered is in %s: the same command%s goes on from there%s",
             folder, a->out_of_budget ? " with a larger budget" : "",
             a->o->record ? "" : " (remove it to ask anew)");
}
