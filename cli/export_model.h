/* SPDX-License-Identifier: MIT
 *
 * weaksup export --to c-header, and --to json: the classifier for elsewhere.
 */
#ifndef WS_EXPORT_MODEL_H
#define WS_EXPORT_MODEL_H

#include "cmd.h"

/* Whether --to asks for the classifier. */
bool export_is_model(const options *o);

/* Returns the exit code. */
int export_model(const command *self, const options *o);

#endif
