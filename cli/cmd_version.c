/* SPDX-License-Identifier: MIT
 *
 * weaksup version: the versions of weaksup and of what it stands on, and how workers are
 * locked down here.
 */
#include <stdio.h>

#include <weaksup/model.h>
#include <weaksup/protections.h>
#include <weaksup/task_file.h>
#include <weaksup/version.h>

#include "cmd.h"
#include "say.h"

/* The texts of a set, behind `front`; nothing for the empty one. */
static void say_set(const char *front, unsigned set) {
  for (unsigned one = 1; one & WS_PROTECTIONS_ALL; one <<= 1) {
    if (!(set & one)) continue;
    printf("%s%s", front, ws_protection_text((ws_protection)one));
    front = ", ";
  }
}

static void print_json(unsigned held) {
  printf(
      "{\"weaksup\":\"%s\",\"lua\":\"%s\",\"pcre2\":\"%s\",\"gsl\":\"%s\",\"workers\":{",
      ws_version(), ws_lua_version(), ws_pcre2_version(), ws_gsl_version());
  for (unsigned one = 1; one & WS_PROTECTIONS_ALL; one <<= 1)
    printf("%s\"%s\":%s", one > 1 ? "," : "", ws_protection_name((ws_protection)one),
           held & one ? "true" : "false");
  printf("}}\n");
}

static int run(const command *self, const options *o) {
  (void)self;
  unsigned held = 0;
  ws_error err = WS_ERROR_INIT;
  if (ws_lf_protections("/proc/self/exe", &held, &err) != WS_OK) return say_failure(&err);
  if (o->json) {
    print_json(held);
    return EXIT_DONE;
  }
  printf("weaksup %s\n%s, %s, GSL %s\n", ws_version(), ws_lua_version(),
         ws_pcre2_version(), ws_gsl_version());
  say_set("workers have: ", held);
  say_set(held ? "; not here: " : "workers lack: ", WS_PROTECTIONS_ALL & ~held);
  putchar('\n');
  return EXIT_DONE;
}

const command cmd_version = {
    .name = "version",
    .arguments = "",
    .summary = "versions",
    .details = "Prints the versions of weaksup and of the libraries that it runs on, and "
               "how this\n"
               "system locks the processes down that labeling functions run in.\n",
    .examples = "weaksup version\n",
    .takes = (const char *const[]){"json", NULL},
    .run = run,
};
