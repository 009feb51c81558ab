/* SPDX-License-Identifier: MIT
 *
 * What weaksup stands on here: libraries, the protections of workers, limits, the
 * terminal.
 */
#define _DEFAULT_SOURCE // struct winsize

#include <langinfo.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

#include <weaksup/model.h>
#include <weaksup/protections.h>
#include <weaksup/task_file.h>
#include <weaksup/version.h>

#include "checkup.h"

enum { FILES_LEAST = 128, MEMORY_LEAST = 512, WIDTH_LEAST = 80 };

void checkup_add(checkup *c, const char *name, check_state state, const char *advice,
                 const char *format, ...) {
  if (c->count == CHECKS_MOST) return;
  check *added = &c->checks[c->count++];
  *added = (check){.name = name, .state = state, .advice = state ? advice : NULL};
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(added->found, sizeof added->found, format, arguments);
  va_end(arguments);
  size_t size = strlen(added->found);
  ws_text_clean(added->found, size);
}

bool checkup_any(const checkup *c, check_state state) {
  for (size_t i = 0; i < c->count; i++)
    if (c->checks[i].state == state) return true;
  return false;
}

/* --- the program --- */

static const char *protection_advice(ws_protection one) {
  switch (one) {
  case WS_PROTECT_FILES:
    return "workers could reach files if the sandbox of Lua were broken: run on Linux "
           "5.13 or later with Landlock on (CONFIG_SECURITY_LANDLOCK, `landlock` among "
           "the kernel's lsm=), and outside of containers that forbid it";
  case WS_PROTECT_CALLS:
    return "workers could make any system call if the sandbox of Lua were broken: build "
           "with libseccomp (apt install libseccomp-dev, then build again) on a kernel "
           "with seccomp; builds with sanitizers go without";
  case WS_PROTECT_LIMITS:
    return "workers have no limits on memory, files and processes but their own: builds "
           "with sanitizers go without, others should not";
  case WS_PROTECT_PRIVILEGES:
    return "workers could gain privileges by running other programs: needs Linux 3.5 or "
           "later; do not run weaksup as root here";
  }
  return NULL;
}

static void check_workers(checkup *c) {
  unsigned held = 0;
  ws_error err = WS_ERROR_INIT;
  if (ws_lf_protections("/proc/self/exe", &held, &err) != WS_OK) {
    checkup_add(c, "workers", CHECK_ERROR,
                "labeling functions run in worker processes: this system must let the "
                "program start itself (/proc mounted, processes allowed: `ulimit -u`)",
                "%s", err.message);
    return;
  }
  checkup_add(c, "workers", CHECK_OK, NULL, "they start");
  for (unsigned one = 1; one & WS_PROTECTIONS_ALL; one <<= 1)
    checkup_add(c, ws_protection_text((ws_protection)one),
                held & one ? CHECK_OK : CHECK_WARNING,
                protection_advice((ws_protection)one),
                held & one ? "holds in workers" : "not here");
}

void checkup_program(checkup *c) {
  checkup_add(c, "weaksup", CHECK_OK, NULL, "%s", ws_version());
  checkup_add(c, "libraries", CHECK_OK, NULL, "%s, %s, GSL %s, Unicode %s",
              ws_lua_version(), ws_pcre2_version(), ws_gsl_version(),
              ws_unicode_version());
  bool jit = ws_pcre2_jit();
  checkup_add(c, "patterns", jit ? CHECK_OK : CHECK_WARNING,
              "patterns are matched many times slower: install a PCRE2 that is built "
              "with its just-in-time compiler (--enable-jit)",
              jit ? "PCRE2 compiles them to machine code" : "PCRE2 interprets them");
  check_workers(c);
}

/* --- the system --- */

static unsigned long long megabytes(long pages) {
  long size = sysconf(_SC_PAGESIZE);
  return pages > 0 && size > 0
             ? (unsigned long long)pages * (unsigned long long)size >> 20
             : 0;
}

static void check_memory(checkup *c) {
  unsigned long long here = megabytes(sysconf(_SC_PHYS_PAGES));
  struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
  getrlimit(RLIMIT_AS, &limit);
  bool limited = limit.rlim_cur != RLIM_INFINITY;
  unsigned long long most = limited ? (unsigned long long)limit.rlim_cur >> 20 : here;
  checkup_add(c, "memory", here && most < MEMORY_LEAST ? CHECK_WARNING : CHECK_OK,
              "each worker may take 64 MB for an LF call (--lf-memory): give more memory "
              "(`ulimit -v unlimited`), or use less workers (-j 1)",
              "%llu MB%s", here, limited ? ", and less by a limit (ulimit -v)" : "");
  checkup_add(c, "page size", CHECK_OK, NULL, "%ld bytes", sysconf(_SC_PAGESIZE));
}

static void check_files(checkup *c) {
  struct rlimit limit = {0, 0};
  getrlimit(RLIMIT_NOFILE, &limit);
  bool few = limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < FILES_LEAST;
  if (limit.rlim_cur == RLIM_INFINITY)
    checkup_add(c, "open files", CHECK_OK, NULL, "no limit");
  else
    checkup_add(c, "open files", few ? CHECK_WARNING : CHECK_OK,
                "workers and shards need some: `ulimit -n 1024`", "up to %llu",
                (unsigned long long)limit.rlim_cur);
}

static void check_locale(checkup *c) {
  locale_t here = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
  const char *codes = here ? nl_langinfo_l(CODESET, here) : "unknown";
  bool fits = strcmp(codes, "UTF-8") == 0;
  checkup_add(
      c, "locale", fits ? CHECK_OK : CHECK_WARNING,
      "output is in UTF-8 whatever the locale: letters beyond ASCII may look wrong "
      "on this terminal; set LANG=C.UTF-8",
      "%s", codes);
  if (here) freelocale(here);
}

static void check_terminal(checkup *c) {
  struct winsize size = {0};
  if (!isatty(1) || ioctl(1, TIOCGWINSZ, &size) != 0) {
    checkup_add(c, "terminal", CHECK_OK, NULL, "none: no progress is shown");
    return;
  }
  const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
  bool plain = !term || !*term || strcmp(term, "dumb") == 0;
  checkup_add(c, "terminal", size.ws_col < WIDTH_LEAST ? CHECK_WARNING : CHECK_OK,
              "tables need 80 columns and more: make the window wider", "%u columns%s%s",
              (unsigned)size.ws_col, plain ? ", no colours (TERM)" : "",
              no_color && *no_color ? ", NO_COLOR is set" : "");
}

void checkup_system(checkup *c) {
  checkup_add(c, "processors", CHECK_OK, NULL, "%ld", sysconf(_SC_NPROCESSORS_ONLN));
  check_memory(c);
  check_files(c);
  check_locale(c);
  check_terminal(c);
}
