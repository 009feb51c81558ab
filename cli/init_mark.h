/* SPDX-License-Identifier: MIT
 *
 * The comments that `init` writes and `fit` looks for: above words that are to be
 * replaced, and above words that gold labels have chosen, of dev or of the data.
 */
#ifndef WS_INIT_MARK_H
#define WS_INIT_MARK_H

#define INIT_PLACEHOLDERS "PLACEHOLDERS"
#define INIT_CHOSEN       "CHOSEN-BY-DEV"
#define INIT_CHOSEN_DATA  "CHOSEN-BY-DATA"

#endif
