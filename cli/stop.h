/* SPDX-License-Identifier: MIT
 *
 * Ctrl-C and kill: the work is told to stop, cleans up, and then the process ends by the
 * same signal, so that a shell sees what happened. A second signal ends it at once.
 */
#ifndef WS_STOP_H
#define WS_STOP_H

#include <stdbool.h>

void stop_prepare(void);
/* Whether a signal came. */
bool stop_wanted(void);
/* While the program waits for a person and has nothing to clean up, a signal ends it at
 * once (true); then they are noted again (false). Between the two there is no moment in
 * which one is noted and the wait goes on. */
void stop_at_once(bool on);
/* Ends the process by the signal, if one came. */
void stop_obey(void);

#endif
