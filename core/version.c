/* SPDX-License-Identifier: MIT
 *
 * The version that was linked, which may be another than that of the headers.
 */
#include <weaksup/version.h>

const char *ws_version(void) {
  return WS_VERSION;
}
