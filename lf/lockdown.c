/* SPDX-License-Identifier: MIT
 *
 * Locking a worker process down: rlimits, Landlock's rules on files, and a seccomp list
 * of system calls, through libseccomp where the build has it.
 *
 * Code of labeling functions runs while their files are loaded, and loading reads files
 * that this code names, so it is done in steps. A seccomp filter cannot look at paths;
 * Landlock does that meanwhile. Both can only be made stricter, never looser.
 * What the kernel or the build lacks is left out, and said so.
 */
#define _GNU_SOURCE // O_PATH, syscall, RLIMIT_MSGQUEUE
#include "lockdown.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "channel.h"

#ifdef WS_SECCOMP
#include <seccomp.h>
#endif

/* Sanitizers and coverage write files, start threads and trace their own process. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define INSTRUMENTED 1
#elif defined(WS_INSTRUMENTED)
#define INSTRUMENTED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||               \
    __has_feature(memory_sanitizer) || __has_feature(undefined_behavior_sanitizer)
#define INSTRUMENTED 1
#endif
#endif
#ifndef INSTRUMENTED
#define INSTRUMENTED 0
#endif

/* --- resources --- */

enum { LOADING_FILES = 64 }; // descriptors: folders inside one another, and a file
#define ADDRESS_SPACE ((uint64_t)8 << 30) // slots, patterns, lists; besides Lua's memory

#ifdef __GLIBC__
typedef __rlimit_resource_t resource_name;
#else
typedef int resource_name;
#endif

/* A limit that is lower already stays. */
static bool lower(resource_name resource, uint64_t value) {
  struct rlimit limit;
  if (getrlimit(resource, &limit) != 0) return false;
  if (limit.rlim_max > value) limit.rlim_max = (rlim_t)value;
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(resource, &limit) == 0;
}

/* Processor time is not among them: how much a worker needs depends on the data. The
 * timer (limits.c) bounds each call, and the parent the time without progress. */
static bool limit_resources(uint64_t memory) {
  bool done = lower(RLIMIT_FSIZE, 0) && lower(RLIMIT_NPROC, 0) &&
              lower(RLIMIT_MEMLOCK, 0) && lower(RLIMIT_NOFILE, LOADING_FILES);
#ifdef RLIMIT_MSGQUEUE
  done = done && lower(RLIMIT_MSGQUEUE, 0);
#endif
  if (sizeof(size_t) < 8 || memory > UINT64_MAX - ADDRESS_SPACE) return done;
  return done && lower(RLIMIT_AS, memory + ADDRESS_SPACE);
}

/* Nobody debugs the process or reads its memory, and no program that it could start would
 * run as somebody else. */
static bool give_up_privileges(void) {
#ifdef __linux__
  if (!INSTRUMENTED && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return false;
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
#else
  return false;
#endif
}

/* --- files --- */

#if defined(SYS_landlock_create_ruleset) && defined(O_PATH) && defined(__has_include)
#if __has_include(<linux/landlock.h>)
#define LANDLOCK 1
#endif
#endif

#ifdef LANDLOCK
#include <linux/landlock.h>

/* All rights on files that this kernel knows; 0: it has no Landlock. */
static uint64_t known_rights(void) {
  static const int counts[] = {0, 13, 14, 15, 15, 16}; // by version of the interface
  enum { VERSIONS = sizeof counts / sizeof *counts };
  long version =
      syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return 0;
  return ((uint64_t)1 << counts[version < VERSIONS ? version : VERSIONS - 1]) - 1;
}

/* `path` and what lies below it can be read. */
static void add_readable(int rules, const char *path, bool folder) {
  struct landlock_path_beneath_attr rule = {.allowed_access =
                                                LANDLOCK_ACCESS_FS_READ_FILE};
  if (folder) rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
  rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
  if (rule.parent_fd < 0) return; // nor can it be loaded
  syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  close(rule.parent_fd);
}

/* From now on only these files can be reached: none, where files is NULL. */
static bool restrict_files(const ws__files *files) {
  struct landlock_ruleset_attr all = {.handled_access_fs = known_rights()};
  if (all.handled_access_fs == 0) return false;
  int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
  if (rules < 0) return false;
  if (files) add_readable(rules, ws__files_root(files), true);
  // The sources may be links that lead elsewhere.
  for (size_t i = 0; files && i < ws__files_count(files); i++)
    add_readable(rules, ws__files_path(files, i), false);
  bool done = syscall(SYS_landlock_restrict_self, rules, 0) == 0;
  close(rules);
  return done;
}
#else
static bool restrict_files(const ws__files *files) {
  (void)files;
  return false;
}
#endif

/* --- system calls --- */

#ifdef WS_SECCOMP

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

typedef struct scmp_arg_cmp condition;

/* An argument is a value; or of some flags it has none; or all. */
static condition is(unsigned which, scmp_datum_t value) {
  return (condition){which, SCMP_CMP_EQ, value, 0};
}

static condition lacks(unsigned which, scmp_datum_t flags) {
  return (condition){which, SCMP_CMP_MASKED_EQ, flags, 0};
}

static condition has(unsigned which, scmp_datum_t flags) {
  return (condition){which, SCMP_CMP_MASKED_EQ, flags, flags};
}

static bool allow(scmp_filter_ctx filter, const int *calls, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, calls[i], 0, NULL) != 0)
      return false;
  return true;
}

static bool allow_if(scmp_filter_ctx filter, int call, condition test) {
  return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &test) == 0;
}

static bool allow_if_both(scmp_filter_ctx filter, int call, condition a, condition b) {
  condition both[] = {a, b};
  return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 2, both) == 0;
}

/* Memory, of which none can be made executable; the socket, over which no descriptors
 * can be passed; time; the end. */
static bool add_always(scmp_filter_ctx filter) {
  static const int calls[] = {
      SCMP_SYS(munmap),          SCMP_SYS(brk),           SCMP_SYS(mremap),
      SCMP_SYS(madvise),         SCMP_SYS(futex),         SCMP_SYS(rt_sigreturn),
      SCMP_SYS(sigreturn),       SCMP_SYS(exit),          SCMP_SYS(exit_group),
      SCMP_SYS(restart_syscall), SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64)};
  return allow(filter, calls, COUNT_OF(calls)) &&
         allow_if(filter, SCMP_SYS(mprotect), lacks(2, PROT_EXEC)) &&
         allow_if(filter, SCMP_SYS(recvfrom), is(0, WS__FD_SOCKET)) &&
         allow_if_both(filter, SCMP_SYS(sendto), is(0, WS__FD_SOCKET), is(4, 0));
}

static bool add_running(scmp_filter_ctx filter) {
  condition no_code = lacks(2, PROT_EXEC), no_file = has(3, MAP_ANONYMOUS);
  return allow_if_both(filter, SCMP_SYS(mmap), no_code, no_file) &&
         allow_if_both(filter, SCMP_SYS(mmap2), no_code, no_file);
}

/* Reading files; machine code of patterns; and ws__lockdown_run, which can only take away
 * more. */
static bool add_loading(scmp_filter_ctx filter) {
  static const int calls[] = {
      SCMP_SYS(read),       SCMP_SYS(close),      SCMP_SYS(lseek),
      SCMP_SYS(_llseek),    SCMP_SYS(fstat),      SCMP_SYS(fstat64),
      SCMP_SYS(stat),       SCMP_SYS(stat64),     SCMP_SYS(lstat),
      SCMP_SYS(lstat64),    SCMP_SYS(newfstatat), SCMP_SYS(fstatat64),
      SCMP_SYS(statx),      SCMP_SYS(access),     SCMP_SYS(faccessat),
      SCMP_SYS(faccessat2), SCMP_SYS(readlink),   SCMP_SYS(readlinkat),
      SCMP_SYS(getcwd),     SCMP_SYS(seccomp),    SCMP_SYS(landlock_create_ruleset),
      SCMP_SYS(getrlimit),  SCMP_SYS(setrlimit),  SCMP_SYS(landlock_restrict_self),
      SCMP_SYS(ugetrlimit)};
  condition reading = lacks(2, O_ACCMODE | O_CREAT | O_TRUNC);
  condition no_file = has(3, MAP_ANONYMOUS);
  return allow(filter, calls, COUNT_OF(calls)) &&
         allow_if(filter, SCMP_SYS(openat), reading) &&
         allow_if(filter, SCMP_SYS(open), lacks(1, O_ACCMODE | O_CREAT | O_TRUNC)) &&
         allow_if(filter, SCMP_SYS(mmap), no_file) &&
         allow_if(filter, SCMP_SYS(mmap2), no_file) &&
         allow_if(filter, SCMP_SYS(prlimit64), is(0, 0));
}

/* From now on other calls fail with EPERM. */
static bool filter_calls(bool (*add)(scmp_filter_ctx filter)) {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (!filter) return false;
  bool done =
      seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 &&
      seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0) == 0 && // it is set already
      add_always(filter) && add(filter) && seccomp_load(filter) == 0;
  seccomp_release(filter);
  return done;
}

static bool filter_loading(void) {
  return filter_calls(add_loading);
}

static bool filter_running(void) {
  return filter_calls(add_running);
}
#else
static bool filter_loading(void) {
  return false;
}

static bool filter_running(void) {
  return false;
}
#endif

/* --- the steps --- */

unsigned ws__lockdown_begin(uint64_t memory) {
  bool no_core = lower(RLIMIT_CORE, 0);
  bool limited = !INSTRUMENTED && limit_resources(memory) && no_core;
  return (limited ? WS_PROTECT_LIMITS : 0u) |
         (give_up_privileges() ? WS_PROTECT_PRIVILEGES : 0u);
}

unsigned ws__lockdown_load(const ws__files *files) {
  if (INSTRUMENTED) return 0;
  return (restrict_files(files) ? WS_PROTECT_FILES : 0u) |
         (filter_loading() ? WS_PROTECT_CALLS : 0u);
}

unsigned ws__lockdown_run(void) {
  if (INSTRUMENTED) return 0;
  unsigned held = restrict_files(NULL) ? WS_PROTECT_FILES : 0u;
  lower(RLIMIT_NOFILE, 0);
  return held | (filter_running() ? WS_PROTECT_CALLS : 0u);
}
