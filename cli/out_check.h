/* SPDX-License-Identifier: MIT
 *
 * What --out must not replace.
 */
#ifndef WS_OUT_CHECK_H
#define WS_OUT_CHECK_H

#include "cmd.h"

/* False, and said, where --out names a file that is there and that other things are made
 * from: an input of the command, the data of its task or its run, labeling functions, a
 * task file, a file of a run. Commands that write folders have checks of their own. */
bool out_check(const command *self, const options *o);

/* WS_EIO where there is no folder to make the file or folder `path` in: for what is
 * written only after much work, or has other files beside it before. */
WS_CHECK ws_status out_check_above(const char *path, ws_error *err);

/* With --json what is said of the output goes to standard output: the output itself must
 * go elsewhere. False, and said, where it does not. */
bool check_json_out(const command *self, const options *o);

#endif
