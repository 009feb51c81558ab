/* SPDX-License-Identifier: MIT
 *
 * What a worker process cannot do once it is locked down, tried in children of the test
 * that lock themselves as workers do. test_lf_locked_workers.c: what goes on working.
 */
#define _GNU_SOURCE // memfd_create, process_vm_readv
#include "../lf/lf_engine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weaksup/protections.h>

#include "lockdown.h"

enum { MEMORY = 64 << 20 };

static int begin(void **state) {
  lf_setup(state);
  lf_fixture *f = *state;
  lf_file(f, "a.rules", "a HAM /0/");
  return 0;
}

/* What workers of this test have; skips where this build or kernel lacks something. */
static void need(unsigned protections) {
  unsigned held = 0;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_lf_protections("/proc/self/exe", &held, &err), &err);
  for (unsigned one = 1; one & WS_PROTECTIONS_ALL; one <<= 1) {
    if (!(protections & ~held & one)) continue;
    print_message("not here: %s\n", ws_protection_text((ws_protection)one));
    skip();
  }
}

/* --- in a child --- */

typedef struct attempt {
  const char *name;
  long (*try_it)(void); // -1 with errno EPERM is as it should be
} attempt;

static struct {
  pid_t parent;
  char inside[4096], outside[4096]; // files
  void *page;                       // of memory that can be read and written
} known;

typedef struct result {
  int stage;
  unsigned held;
  long returned[64];
  int code[64];
} result;

/* Locks a child and lets it try everything; how it ended. */
static int lock_and_try(const lf_fixture *f, bool run, const attempt *attempts,
                        size_t count, result *out) {
  result *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  assert_true(shared != MAP_FAILED && count <= 64);
  memset(shared, 0, sizeof *shared);
  pid_t pid = fork();
  if (pid == 0) {
    ws__files *files = NULL;
    if (ws__files_open(f->lfs, &files, NULL) != WS_OK) _exit(1);
    shared->held = ws__lockdown_begin(MEMORY);
    unsigned more = ws__lockdown_load(files);
    shared->held |= run ? ws__lockdown_run() : more;
    for (size_t i = 0; i < count; i++) {
      errno = 0;
      shared->returned[i] = attempts[i].try_it();
      shared->code[i] = errno;
    }
    shared->stage = 1;
    _exit(0);
  }
  int status = 0;
  assert_int_equal(waitpid(pid, &status, 0), pid);
  *out = *shared;
  munmap(shared, sizeof *shared);
  return status;
}

static void remember(const lf_fixture *f) {
  known.parent = getpid();
  snprintf(known.inside, sizeof known.inside, "%s/a.rules", f->lfs);
  snprintf(known.outside, sizeof known.outside, "%s/outside.txt", f->folder);
  free(ws_test_file(f->folder, "outside.txt", "x", 1));
  known.page =
      mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static long map(int protection) {
  void *at = mmap(NULL, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return at == MAP_FAILED ? -1 : 0;
}

static long try_open(void) {
  return open(known.inside, O_RDONLY);
}
static long try_open_outside(void) {
  return open(known.outside, O_RDONLY);
}
static long try_open_writing(void) {
  return open(known.inside, O_RDWR);
}
static long try_create(void) {
  return open("new", O_WRONLY | O_CREAT, 0600);
}
static long try_unlink(void) {
  return unlink(known.inside);
}
static long try_rename(void) {
  return rename(known.inside, known.outside);
}
static long try_mkdir(void) {
  return mkdir("new", 0700);
}
static long try_socket(void) {
  return socket(AF_INET, SOCK_STREAM, 0);
}
static long try_kill(void) {
  return kill(known.parent, 0);
}
static long try_ptrace(void) {
  return ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}
static long try_memfd(void) {
  return memfd_create("new", 0);
}
static long try_dup(void) {
  return dup(0);
}
static long try_write(void) {
  return write(1, "", 0);
}
static long try_prctl(void) {
  return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}
static long try_map_code(void) {
  return map(PROT_READ | PROT_WRITE | PROT_EXEC);
}

static long try_protect_code(void) {
  return mprotect(known.page, 4096, PROT_READ | PROT_EXEC);
}

static long try_map_file(void) {
  void *at = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 0, 0);
  return at == MAP_FAILED ? -1 : 0;
}

static long try_fork(void) {
  pid_t pid = fork();
  if (pid == 0) _exit(0);
  return pid;
}

static long try_execute(void) {
  char name[] = "true", *arguments[] = {name, NULL}, *environment[] = {NULL};
  return execve("/bin/true", arguments, environment);
}

static long try_pipe(void) {
  int ends[2];
  return pipe(ends);
}

static long try_limit(void) {
  struct rlimit limit = {100, 100};
  return setrlimit(RLIMIT_NOFILE, &limit);
}

static long try_timer(void) {
  struct itimerval none = {{0, 0}, {0, 0}};
  return setitimer(ITIMER_PROF, &none, NULL);
}

static long try_signals(void) {
  return signal(SIGPROF, SIG_IGN) == SIG_ERR ? -1 : 0;
}

static long try_uring(void) {
#ifdef SYS_io_uring_setup
  return syscall(SYS_io_uring_setup, 1, NULL);
#else
  errno = EPERM;
  return -1;
#endif
}

static long try_read_parent(void) {
  char byte;
  struct iovec to = {&byte, 1}, from = {known.page, 1};
  return process_vm_readv(known.parent, &to, 1, &from, 1, 0);
}

static void assert_refused(const attempt *attempts, size_t count, const result *found) {
  for (size_t i = 0; i < count; i++) {
    if (found->returned[i] == -1 && found->code[i] == EPERM) continue;
    print_error("%s: %ld, errno %d\n", attempts[i].name, found->returned[i],
                found->code[i]);
    fail();
  }
}

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static void nothing_but_memory_and_the_socket_is_left(void **state) {
  static const attempt all[] = {{"open", try_open},
                                {"open for writing", try_open_writing},
                                {"create", try_create},
                                {"unlink", try_unlink},
                                {"rename", try_rename},
                                {"mkdir", try_mkdir},
                                {"socket", try_socket},
                                {"fork", try_fork},
                                {"execve", try_execute},
                                {"kill", try_kill},
                                {"ptrace", try_ptrace},
                                {"memfd_create", try_memfd},
                                {"dup", try_dup},
                                {"pipe", try_pipe},
                                {"write", try_write},
                                {"mmap a file", try_map_file},
                                {"mmap code", try_map_code},
                                {"mprotect code", try_protect_code},
                                {"prctl", try_prctl},
                                {"setrlimit", try_limit},
                                {"setitimer", try_timer},
                                {"sigaction", try_signals},
                                {"io_uring_setup", try_uring},
                                {"process_vm_readv", try_read_parent}};
  result found;
  need(WS_PROTECT_CALLS);
  remember(*state);
  assert_int_equal(lock_and_try(*state, true, all, COUNT_OF(all), &found), 0);
  assert_int_equal(found.stage, 1);
  assert_refused(all, COUNT_OF(all), &found);
}

static void while_loading_files_can_only_be_read(void **state) {
  static const attempt all[] = {{"open for writing", try_open_writing},
                                {"create", try_create},
                                {"unlink", try_unlink},
                                {"rename", try_rename},
                                {"socket", try_socket},
                                {"fork", try_fork},
                                {"execve", try_execute},
                                {"kill", try_kill},
                                {"memfd_create", try_memfd},
                                {"ptrace", try_ptrace},
                                {"sigaction", try_signals},
                                {"process_vm_readv", try_read_parent}};
  static const attempt reading[] = {{"open", try_open}};
  result found;
  need(WS_PROTECT_CALLS);
  remember(*state);
  assert_int_equal(lock_and_try(*state, false, all, COUNT_OF(all), &found), 0);
  assert_refused(all, COUNT_OF(all), &found);
  assert_int_equal(lock_and_try(*state, false, reading, 1, &found), 0);
  assert_true(found.returned[0] >= 0);
}

static void while_loading_other_folders_are_out_of_reach(void **state) {
  static const attempt outside[] = {{"open outside", try_open_outside}};
  result found;
  need(WS_PROTECT_FILES);
  remember(*state);
  assert_int_equal(lock_and_try(*state, false, outside, 1, &found), 0);
  assert_int_equal(found.returned[0], -1);
  assert_int_equal(found.code[0], EACCES);
}

static long try_foreign_call(void) {
  return syscall(0x40000000 | SYS_read, 0, NULL, 0); // of the x32 architecture
}

static void calls_of_another_architecture_are_fatal(void **state) {
#ifdef __x86_64__
  static const attempt one[] = {{"x32", try_foreign_call}};
  result found;
  need(WS_PROTECT_CALLS);
  remember(*state);
  int status = lock_and_try(*state, true, one, 1, &found);
  assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
#else
  (void)state, (void)try_foreign_call;
  skip();
#endif
}

/* --- what must go on working --- */

static volatile sig_atomic_t ticks;

static void on_tick(int number) {
  (void)number;
  ticks = ticks + 1;
}

static long try_memory(void) {
  char *block = malloc(100 << 20);
  if (!block) return -1;
  memset(block, 1, 100 << 20);
  free(block);
  void *grown = mremap(known.page, 4096, 1 << 20, MREMAP_MAYMOVE);
  return grown == MAP_FAILED ? -1 : 0;
}

static long try_signal_handler(void) {
  while (ticks < 3) continue;
  return 0;
}

static void memory_and_the_timer_go_on(void **state) {
  struct itimerval timer = {{0, 10000}, {0, 10000}};
  int status = 0;
  need(WS_PROTECT_CALLS);
  remember(*state);
  pid_t pid = fork();
  if (pid == 0) {
    signal(SIGPROF, on_tick);
    setitimer(ITIMER_PROF, &timer, NULL);
    ws__lockdown_begin(MEMORY);
    ws__lockdown_run();
    _exit(try_memory() == 0 && try_signal_handler() == 0 ? 42 : 1);
  }
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_int_equal(WEXITSTATUS(status), 42);
}

int main(int argc, char **argv) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, lf_teardown)
  const struct CMUnitTest tests[] = {
      TEST(nothing_but_memory_and_the_socket_is_left),
      TEST(while_loading_files_can_only_be_read),
      TEST(while_loading_other_folders_are_out_of_reach),
      TEST(calls_of_another_architecture_are_fatal),
      TEST(memory_and_the_timer_go_on),
  };
  LF_TEST_WORKER(argc, argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
