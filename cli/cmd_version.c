/* SPDX-License-Identifier: MIT
 *
 * weaksup version: the versions of weaksup and of what it stands on.
 */
#include <stdio.h>

#include <weaksup/model.h>
#include <weaksup/task_file.h>
#include <weaksup/version.h>

#include "cmd.h"

static int run(const command *self, const options *o) {
  (void)self;
  if (o->json) {
    printf("{\"weaksup\":\"%s\",\"lua\":\"%s\",\"pcre2\":\"%s\",\"gsl\":\"%s\"}\n",
           ws_version(), ws_lua_version(), ws_pcre2_version(), ws_gsl_version());
    return EXIT_DONE;
  }
  printf("weaksup %s\n%s, %s, GSL %s\n", ws_version(), ws_lua_version(),
         ws_pcre2_version(), ws_gsl_version());
  return EXIT_DONE;
}

const command cmd_version = {
    .name = "version",
    .arguments = "",
    .summary = "versions",
    .details = "Prints the versions of weaksup and of the libraries that it runs on.\n",
    .takes = (const char *const[]){"json", NULL},
    .run = run,
};
