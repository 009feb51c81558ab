/* SPDX-License-Identifier: MIT
 *
 * --log-json: what is said on standard error as JSON, a line an event, for programs that
 * run weaksup.
 */
#ifndef WS_EVENTS_H
#define WS_EVENTS_H

#include <weaksup/progress.h>

void events_enable(void);
bool events_on(void);

/* {"event":KIND,"message":TEXT} */
void event_message(const char *kind, const char *text);

/* {"event":"progress",...}; rate and rest below 0: not known. */
void event_progress(const ws_progress *progress, double rate, double rest);

/* The last one: {"event":"done","exit":CODE,"seconds":S} */
void event_done(int code, double seconds);

#endif
