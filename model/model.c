/* SPDX-License-Identifier: MIT
 *
 * GSL's process-wide state, changed only where the host asks for it.
 */
#include <weaksup/model.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_version.h>

void ws_model_startup(void) {
  gsl_set_error_handler_off();
}

const char *ws_gsl_version(void) {
  return gsl_version;
}
