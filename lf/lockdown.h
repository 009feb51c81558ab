/* SPDX-License-Identifier: MIT
 *
 * What a worker process gives up, for good, before it runs code of labeling functions.
 * Private to lf; used in worker processes only.
 *
 * The sandbox of Lua and the limits of PCRE2 are what labeling functions meet. This is
 * for the day when one of them is broken: code that runs freely in a worker can still do
 * nothing but compute, and write votes.
 */
#ifndef WS_LOCKDOWN_H
#define WS_LOCKDOWN_H

#include <weaksup/protections.h>

#include "lf_files.h"

/* Each returns what holds from now on: a set of ws_protection. */

/* First: limits on resources, and no way to more privileges. `memory` is what the Lua
 * state may take. */
unsigned ws__lockdown_begin(uint64_t memory);
/* When the files are listed and none of them has run: what loading them needs stays,
 * which is to read these files, and what lies in the folder. */
unsigned ws__lockdown_load(const ws__files *files);
/* When all are loaded, or could not be: nothing stays but memory, and the socket. */
unsigned ws__lockdown_run(void);

#endif
