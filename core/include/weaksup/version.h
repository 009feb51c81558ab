/* SPDX-License-Identifier: MIT
 *
 * The version of the library. Minor versions may add; a change of what is here is a new
 * major version (0.x: a new minor one).
 */
#ifndef WEAKSUP_VERSION_H
#define WEAKSUP_VERSION_H

#include <weaksup/api.h>

WS_BEGIN_DECLS

#define WS_VERSION      "0.1.0"
#define WS_VERSION_DATE "November 23, 2026" // of its manual pages

/* WS_VERSION of the library that is linked. */
WS_API const char *ws_version(void);

WS_END_DECLS

#endif
