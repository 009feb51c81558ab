/* SPDX-License-Identifier: MIT
 *
 * The checks of `weaksup doctor`: what each looked at, what it found, and what to do.
 */
#ifndef WS_CHECKUP_H
#define WS_CHECKUP_H

#include <weaksup/status.h>

#include "setup.h"

typedef enum check_state { CHECK_OK, CHECK_WARNING, CHECK_ERROR } check_state;

typedef struct check {
  const char *name;
  check_state state;
  char found[WS_ERROR_MESSAGE_SIZE];
  const char *advice; // what it means and what to do; NULL where all is well
} check;

enum { CHECKS_MOST = 40 };

typedef struct checkup {
  check checks[CHECKS_MOST];
  size_t count;
} checkup;

/* Adds a check; the advice is kept where the state is not CHECK_OK. */
void checkup_add(checkup *c, const char *name, check_state state, const char *advice,
                 const char *format, ...) WS_PRINTF(5, 6);
bool checkup_any(const checkup *c, check_state state);

/* The program, its libraries and the system. */
void checkup_program(checkup *c);
void checkup_system(checkup *c);
/* The task that there is, as the options say, if any; `lfs` may be NULL. */
void checkup_task(checkup *c, const setup *s, const char *lfs);

#endif
