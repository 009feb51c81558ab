/* SPDX-License-Identifier: MIT
 *
 * The comments that `init` writes and `fit` looks for: above words that are to be
 * replaced, and above words that the gold labels of dev have chosen.
 */
#ifndef WS_INIT_MARK_H
#define WS_INIT_MARK_H

#define INIT_PLACEHOLDERS "PLACEHOLDERS"
#define INIT_CHOSEN       "CHOSEN-BY-DEV"

#endif
