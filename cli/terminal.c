/* SPDX-License-Identifier: MIT
 *
 * What the terminal can do.
 */
#define _DEFAULT_SOURCE // TIOCGWINSZ
#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static enum { AUTO, ALWAYS, NEVER } color; // set once, when options are read

size_t terminal_columns(void) {
  struct winsize size;
  if (!isatty(1) || ioctl(1, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

bool terminal_set_color(const char *when) {
  if (strcmp(when, "always") == 0)
    color = ALWAYS;
  else if (strcmp(when, "never") == 0)
    color = NEVER;
  else
    color = AUTO;
  return color != AUTO || strcmp(when, "auto") == 0;
}

static bool is_colored(void) {
  const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
  if (color != AUTO) return color == ALWAYS;
  return isatty(1) && !(no && *no) && !(term && strcmp(term, "dumb") == 0);
}

const char *terminal_begin(term_mark mark) {
  static const char *const codes[] = {[MARK_NONE] = "",
                                      [MARK_BAD] = "\033[31m",
                                      [MARK_POOR] = "\033[33m",
                                      [MARK_DIM] = "\033[2m"};
  return is_colored() ? codes[mark] : "";
}

const char *terminal_end(term_mark mark) {
  return mark != MARK_NONE && is_colored() ? "\033[0m" : "";
}
