/* SPDX-License-Identifier: MIT
 *
 * Signals. The handler only notes the signal; the progress functions look at the note.
 */
#include "stop.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t stopped_by; // a signal handler needs a global

static void note_signal(int number) {
  stopped_by = number;
}

/* What the caller ignores stays ignored: nohup, a shell's background jobs. */
static void note(int number, const struct sigaction *action) {
  struct sigaction before;
  if (sigaction(number, NULL, &before) == 0 && before.sa_handler == SIG_IGN) return;
  sigaction(number, action, NULL);
}

void stop_prepare(void) {
  // No SA_RESTART: a read that waits for input must end. SA_RESETHAND: the second one
  // kills.
  struct sigaction action = {.sa_handler = note_signal};
  action.sa_flags = (int)SA_RESETHAND;
  sigemptyset(&action.sa_mask);
  note(SIGINT, &action);
  note(SIGTERM, &action);
  note(SIGHUP, &action);
  // A file beyond the limit on its size (ulimit -f) is a failed write, after which what
  // is half written is removed, as with a full disk.
  signal(SIGXFSZ, SIG_IGN);
}

void stop_at_once(bool on) {
  static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    struct sigaction now;
    if (sigaction(numbers[i], NULL, &now) != 0) continue;
    if (now.sa_handler != (on ? note_signal : SIG_DFL)) continue; // ignored: stays so
    now.sa_handler = on ? SIG_DFL : note_signal;
    now.sa_flags = (int)SA_RESETHAND;
    sigaction(numbers[i], &now, NULL);
  }
  if (on) stop_obey();
}

bool stop_wanted(void) {
  return stopped_by != 0;
}

void stop_obey(void) {
  if (!stopped_by) return;
  signal(stopped_by, SIG_DFL);
  raise(stopped_by);
}
