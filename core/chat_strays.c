/* SPDX-License-Identifier: MIT
 *
 * Processes that a command started and that left its process group (setsid, a daemon):
 * killing the group does not reach them. They are known by a variable of the environment
 * that only the command was given, and that they inherited; Linux shows it in /proc.
 *
 * Who clears the environment, or runs as another user, is not found.
 */
#define _GNU_SOURCE // syscall
#include "chat_priv.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __linux__

#if defined SYS_pidfd_open && defined SYS_pidfd_send_signal
#define WITH_PIDFD
#endif

enum {
  ENVIRON_MAX = 4 << 20,
  ROUNDS = 50, // one that starts others all the time may get away
  PIECE = 1 << 16,
};

static bool holds(ws_text text, ws_text mark) {
  const char *at = text.data, *end = text.data + text.size;
  while (at && (size_t)(end - at) >= mark.size) {
    if (memcmp(at, mark.data, mark.size) == 0) return true;
    at = memchr(at, '\0', (size_t)(end - at));
    if (at) at++;
  }
  return false;
}

/* Whether its environment has the variable; false also where it may not be looked at. */
static bool is_marked(const char *pid, ws_text mark, ws_buffer *bytes) {
  char path[64];
  ssize_t got = 1;
  bytes->size = 0;
  snprintf(path, sizeof path, "/proc/%.20s/environ", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  while (fd >= 0 && got > 0 && bytes->size < ENVIRON_MAX &&
         ws_buffer_reserve(bytes, PIECE) == WS_OK) {
    got = read(fd, bytes->data + bytes->size, PIECE);
    if (got > 0) bytes->size += (size_t)got;
  }
  if (fd >= 0) close(fd);
  return bytes->size && holds(ws_buffer_as_text(bytes), mark);
}

/* By a descriptor where the system has them: its number may be another's by now. */
static bool kill_if_marked(const char *name, ws_text mark, ws_buffer *bytes) {
  uint64_t pid;
  if (!ws_text_to_index(ws_text_of(name), &pid) || pid < 2 || (pid_t)pid == getpid())
    return false;
#ifdef WITH_PIDFD
  int fd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
#else
  int fd = -1;
#endif
  bool marked = is_marked(name, mark, bytes);
#ifdef WITH_PIDFD
  if (marked && fd >= 0)
    marked = syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0) == 0;
#endif
  if (marked && fd < 0) marked = kill((pid_t)pid, SIGKILL) == 0;
  if (fd >= 0) close(fd);
  return marked;
}

static size_t kill_marked(ws_text mark, ws_buffer *bytes) {
  size_t count = 0;
  DIR *all = opendir("/proc");
  for (struct dirent *entry; all && (entry = readdir(all));)
    count += kill_if_marked(entry->d_name, mark, bytes);
  if (all) closedir(all);
  return count;
}

void ws__chat_kill_strays(const char *mark) {
  ws_buffer bytes = {0};
  for (int round = 0; round < ROUNDS; round++)
    if (!kill_marked(ws_text_of(mark), &bytes)) break;
  ws_buffer_clear(&bytes);
}

#else

void ws__chat_kill_strays(const char *mark) {
  (void)mark;
}

#endif
