/* SPDX-License-Identifier: MIT
 *
 * Locks by fcntl: children do not inherit them, and the system tells who has one.
 *
 * The file is removed by who has it. One that was opened before it went, and locked
 * behind that, is no longer the one under the path: it is opened again then.
 */
#include <weaksup/lock.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weaksup/alloc.h>
#include <weaksup/text.h>

struct ws_lock {
  ws_buffer path;
  int fd;
};

static struct flock whole_file(void) {
  return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
}

static ws_status held(const ws_lock *lock, ws_error *err) {
  struct flock by = whole_file();
  char who[48] = "another process";
  if (fcntl(lock->fd, F_GETLK, &by) == 0 && by.l_type != F_UNLCK && by.l_pid > 0)
    snprintf(who, sizeof who, "process %ld", (long)by.l_pid);
  return ws_error_set(err, WS_EIO, "%s: %s works here: wait until it ends, or stop it",
                      lock->path.data, who);
}

static ws_status cannot(const ws_lock *lock, ws_error *err) {
  return ws_error_set(err, WS_EIO, "%s: cannot be made: %s", lock->path.data,
                      strerror(errno));
}

static ws_status open_file(ws_lock *lock, ws_error *err) {
  struct stat about;
  lock->fd =
      open(lock->path.data,
           O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0666);
  if (lock->fd < 0) return cannot(lock, err);
  if (fstat(lock->fd, &about) == 0 && S_ISREG(about.st_mode)) return WS_OK;
  return ws_error_set(err, WS_EIO, "%s: expected a file, found something else",
                      lock->path.data);
}

static bool is_under_path(const ws_lock *lock) {
  struct stat ours, there;
  return fstat(lock->fd, &ours) == 0 && lstat(lock->path.data, &there) == 0 &&
         ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

static void close_file(ws_lock *lock) {
  if (lock->fd >= 0) close(lock->fd);
  lock->fd = -1;
}

static ws_status take(ws_lock *lock, ws_error *err) {
  for (;; close_file(lock)) {
    struct flock ours = whole_file();
    WS_TRY(open_file(lock, err));
    if (fcntl(lock->fd, F_SETLK, &ours) != 0) {
      if (errno == EACCES || errno == EAGAIN) return held(lock, err);
      return WS_OK; // the file system has no locks
    }
    if (is_under_path(lock)) return WS_OK;
  }
}

ws_status ws_lock_take(const char *path, ws_lock **out, ws_error *err) {
  ws_lock *lock = ws_alloc_zero(1, sizeof *lock);
  if (!lock) return ws_error_nomem(err);
  lock->fd = -1;
  ws_status status = ws_buffer_string(&lock->path, path);
  status = status == WS_OK ? take(lock, err) : ws_error_nomem(err);
  if (status == WS_OK) {
    *out = lock;
    return WS_OK;
  }
  close_file(lock);
  ws_buffer_clear(&lock->path);
  ws_free(lock);
  return status;
}

void ws_lock_release(ws_lock *lock) {
  if (!lock) return;
  if (is_under_path(lock)) unlink(lock->path.data);
  close_file(lock);
  ws_buffer_clear(&lock->path);
  ws_free(lock);
}
