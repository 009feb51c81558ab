/* SPDX-License-Identifier: MIT
 *
 * Single keys from a terminal. Signals arrive only while it waits for a key, so that none
 * is missed and the terminal is always restored before one ends the process.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include "annotate.h"
#include "stop.h"

enum { ESCAPE = 27, ESCAPE_MS = 30 };

static void block_signals(keyboard *t) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  sigprocmask(SIG_BLOCK, &set, &t->mask);
}

ws_status keyboard_check(ws_error *err) {
  if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "expected a terminal to ask on, found none (labels from elsewhere "
                      "can be appended to the dev set by any program)");
}

/* Ctrl-C still makes a signal; Ctrl-Z and Ctrl-\ do not, as they would leave the terminal
 * as it is. */
ws_status keyboard_open(keyboard *t, ws_error *err) {
  *t = (keyboard){0};
  WS_TRY(keyboard_check(err));
  if (tcgetattr(STDIN_FILENO, &t->before) != 0)
    return ws_error_set(err, WS_EIO, "cannot ask the terminal: %s", strerror(errno));
  struct termios raw = t->before;
  block_signals(t);
  raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | IEXTEN);
  raw.c_iflag &= ~(tcflag_t)IXON;
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  raw.c_cc[VSUSP] = _POSIX_VDISABLE;
  raw.c_cc[VQUIT] = _POSIX_VDISABLE;
  t->raw = true;
  if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) == 0)
    return WS_OK; // what was typed before no question asked
  ws_status status =
      ws_error_set(err, WS_EIO, "cannot set up the terminal: %s", strerror(errno));
  keyboard_close(t);
  return status;
}

void keyboard_close(keyboard *t) {
  if (!t->raw) return;
  (void)tcsetattr(STDIN_FILENO, TCSADRAIN, &t->before);
  sigprocmask(SIG_SETMASK, &t->mask, NULL); // one that is waiting arrives here
  t->raw = false;
}

static bool is_ready(int milliseconds) {
  struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
  return poll(&in, 1, milliseconds) > 0;
}

/* The rest of an arrow or function key would be taken for keys. */
static int pass_over_escape(void) {
  char rest[64];
  while (is_ready(ESCAPE_MS) && read(STDIN_FILENO, rest, sizeof rest) > 0) continue;
  return KEY_NONE;
}

int keyboard_key(keyboard *t) {
  unsigned char key;
  for (;;) {
    fd_set in;
    if (stop_wanted()) return KEY_STOP;
    FD_ZERO(&in);
    FD_SET(STDIN_FILENO, &in);
    int ready = pselect(STDIN_FILENO + 1, &in, NULL, NULL, NULL, &t->mask);
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return KEY_END;
    ssize_t count = read(STDIN_FILENO, &key, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count != 1 || key == 4) return KEY_END; // 4: Ctrl-D
    return key == ESCAPE ? pass_over_escape() : key < 0x80 ? key : KEY_NONE;
  }
}
