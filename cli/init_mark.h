/* SPDX-License-Identifier: MIT
 *
 * The comment that `init` writes above words that are to be replaced, and `fit` looks
 * for.
 */
#ifndef WS_INIT_MARK_H
#define WS_INIT_MARK_H

#define INIT_PLACEHOLDERS "PLACEHOLDERS"

#endif
