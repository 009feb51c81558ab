/* SPDX-License-Identifier: MIT
 *
 * Files of labeling functions that a program wrote. They say so in their first line, and
 * are held shorter: their source is limited, and they see neither the id of a record, by
 * which a function could know records by heart, nor its gold label, which it could
 * repeat. Private to lf.
 */
#ifndef WS_GENERATED_H
#define WS_GENERATED_H

#include <weaksup/task.h>
#include <weaksup/text.h>

#define WS__GENERATED_MAX (16u << 10) // bytes of such a file

/* Whether the first line that is not blank holds "weaksup-generated", or what looks like
 * it, in a comment or not: a file that is held too short is a nuisance, one that got away
 * a hole. */
bool ws__is_generated(ws_text source);

/* What this field of the record is, in words, where a generated file must not see it,
 * else NULL: "id", the task's id field, {NULL, 0} where it names none, and its gold
 * field. */
const char *ws__hidden(const ws_task *task, ws_text id_field, ws_text name);

#endif
