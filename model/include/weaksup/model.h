/* SPDX-License-Identifier: MIT
 *
 * What a host of model/ does once, at start-up.
 */
#ifndef WEAKSUP_MODEL_H
#define WEAKSUP_MODEL_H

#include <weaksup/api.h>

WS_BEGIN_DECLS

/* Turns off GSL's error handler, which would abort the process, for the whole process:
 * model/ looks at GSL's return codes instead. Call it once before anything else of
 * model/, from one thread; the library never does it behind its host's back. */
WS_API void ws_model_startup(void);

/* The version of GSL that is linked. */
WS_API const char *ws_gsl_version(void);

WS_END_DECLS

#endif
