/* SPDX-License-Identifier: MIT
 *
 * One run of a command that answers a prompt.
 *
 * The prompt is in a file without a name, which is the command's standard input: no pipe
 * to feed, and a command that does not read it does no harm. What the command prints is
 * read until it ends; then its process group is killed, so that nothing it started in the
 * background outlives it or is waited for. Where it did not end by itself, what left its
 * group is killed, too: who ended well may have started a server to stay.
 */
#include "chat_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

enum {
  FREE_FD = 20, // descriptors are moved to here and beyond, so that dup2 overwrites none
  TICK_MS = 50,
  ENDING_MS = 2, // all is said, and it is about to end
  STDERR_KEPT = 4000,
  MOST_PIECES = 512, // read at once: what never stops must not hide that time is up
  VARIABLES = 7,
  MARK_SIZE = 64,
  NAME_SHOWN = 60, // bytes of the command in messages
  NAME_SIZE = NAME_SHOWN + 32,
};

extern char **environ;

typedef struct child {
  pid_t pid;
  int input, out, err;       // our ends; -1: closed
  int child_out, child_err;  // the command's
  ws_buffer variables;       // of the environment, each with a NUL behind it
  char **environment;        // [..] NULL at the end
  ws_buffer said, complaint; // standard output, standard error
  char mark[MARK_SIZE];      // the variable that tells its processes
  bool too_large;
} child;

/* --- the environment --- */

static ws_status add_variable(child *c, const char *name, ws_text value) {
  if (memchr(value.data ? value.data : "", '\0', value.size)) return WS_OK; // cannot be
  WS_TRY(ws_buffer_printf(&c->variables, "WEAKSUP_CHAT_%s=", name));
  WS_TRY(ws_buffer_text(&c->variables, value));
  return ws_buffer_append(&c->variables, "", 1);
}

static ws_status add_number(child *c, const char *name, double value) {
  char digits[32];
  ws_format_double(value, digits);
  return add_variable(c, name, ws_text_of(digits));
}

/* No other process has it, but those that one of ours was started by and their others:
 * the name is not among those that are left out. */
static ws_status add_mark(child *c) {
  struct timespec now;
  char digits[33];
  clock_gettime(CLOCK_REALTIME, &now);
  uint64_t parts[] = {(uint64_t)now.tv_sec, (uint64_t)now.tv_nsec, (uint64_t)getpid(),
                      (uint64_t)(uintptr_t)c};
  ws_hash128_hex(ws_hash128_of(parts, sizeof parts), digits);
  snprintf(c->mark, sizeof c->mark, "WEAKSUP_COMMAND_%.16s=1", digits);
  WS_TRY(ws_buffer_string(&c->variables, c->mark));
  return ws_buffer_append(&c->variables, "", 1);
}

static ws_status add_variables(child *c, const ws_chat *chat,
                               const ws_chat_request *request) {
  WS_TRY(add_mark(c));
  WS_TRY(add_variable(c, "MODEL", ws_text_of(chat->options.model)));
  WS_TRY(add_number(c, "MAX_TOKENS", request->max_tokens));
  if (!isnan(request->temperature))
    WS_TRY(add_number(c, "TEMPERATURE", request->temperature));
  if (request->seed >= 0) WS_TRY(add_number(c, "SEED", (double)request->seed));
  if (request->json_schema.size)
    WS_TRY(add_variable(c, "JSON_SCHEMA", request->json_schema));
  if (request->grammar.size) WS_TRY(add_variable(c, "GRAMMAR", request->grammar));
  return WS_OK;
}

/* Ours, but for variables of these names, and those. */
static ws_status make_environment(child *c, const ws_chat *chat,
                                  const ws_chat_request *request) {
  size_t count = 0, kept = 0;
  WS_TRY(add_variables(c, chat, request));
  while (environ && environ[count]) count++;
  c->environment = ws_alloc_array(count + VARIABLES + 1, sizeof *c->environment);
  if (!c->environment) return WS_ENOMEM;
  for (size_t i = 0; i < count; i++)
    if (strncmp(environ[i], "WEAKSUP_CHAT_", 13) != 0)
      c->environment[kept++] = environ[i];
  for (size_t at = 0; at < c->variables.size; at += strlen(c->variables.data + at) + 1)
    c->environment[kept++] = c->variables.data + at;
  c->environment[kept] = NULL;
  return WS_OK;
}

/* --- starting --- */

static int move_up(int fd) {
  int moved = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, FREE_FD);
  if (fd >= 0) close(fd);
  return moved;
}

static bool write_all(FILE *file, ws_text text) {
  return fwrite(text.data ? text.data : "", 1, text.size, file) == text.size;
}

/* A descriptor at the beginning of the prompt. */
static int make_input(const ws_chat_request *request) {
  FILE *file = tmpfile();
  if (!file) return -1;
  bool good = write_all(file, request->system);
  if (request->system.size) good = good && write_all(file, ws_text_of("\n\n"));
  good = good && write_all(file, request->prompt) && fflush(file) == 0;
  int fd = good ? fcntl(fileno(file), F_DUPFD_CLOEXEC, FREE_FD) : -1;
  fclose(file);
  if (fd >= 0 && lseek(fd, 0, SEEK_SET) != 0) {
    close(fd);
    fd = -1;
  }
  return fd;
}

static bool make_pipe(int *ours, int *theirs) {
  int ends[2];
  if (pipe(ends) != 0) return false;
  *ours = move_up(ends[0]);
  *theirs = move_up(ends[1]);
  return *ours >= 0 && *theirs >= 0 && fcntl(*ours, F_SETFL, O_NONBLOCK) == 0;
}

static int add_actions(posix_spawn_file_actions_t *actions, const child *c) {
  int code = posix_spawn_file_actions_adddup2(actions, c->input, 0);
  if (code == 0) code = posix_spawn_file_actions_adddup2(actions, c->child_out, 1);
  if (code == 0) code = posix_spawn_file_actions_adddup2(actions, c->child_err, 2);
  return code;
}

/* A group of its own, to be killed whole; and no signal blocked or ignored. */
static int set_attributes(posix_spawnattr_t *attributes) {
  sigset_t none, standard;
  sigemptyset(&none);
  sigemptyset(&standard);
  sigaddset(&standard, SIGPIPE);
  sigaddset(&standard, SIGXFSZ);
  int code = posix_spawnattr_setsigmask(attributes, &none);
  if (code == 0) code = posix_spawnattr_setsigdefault(attributes, &standard);
  if (code == 0) code = posix_spawnattr_setpgroup(attributes, 0);
  if (code == 0)
    code = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK |
                                                    POSIX_SPAWN_SETSIGDEF |
                                                    POSIX_SPAWN_SETPGROUP);
  return code;
}

static int spawn(child *c, char *command) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  char name[] = "sh", option[] = "-c";
  char *argv[] = {name, option, command, NULL};
  int code = posix_spawn_file_actions_init(&actions);
  if (code != 0) return code;
  code = posix_spawnattr_init(&attributes);
  if (code == 0) {
    code = add_actions(&actions, c);
    if (code == 0) code = set_attributes(&attributes);
    if (code == 0)
      code = posix_spawn(&c->pid, "/bin/sh", &actions, &attributes, argv, c->environment);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

static void close_fd(int *fd) {
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

static ws_status cannot_start(ws_chat *chat, int why, ws_error *err) {
  chat->scarce = why == EMFILE || why == ENFILE || why == EAGAIN || why == ENOMEM;
  return ws__chat_fail(chat, WS_CHAT_COMMAND, WS_EIO, err,
                       "the command cannot be started: %s", strerror(why));
}

static ws_status start(child *c, ws_chat *chat, const ws_chat_request *request,
                       ws_error *err) {
  ws_text command = ws_text_of(chat->options.command);
  ws_buffer copy = {0};
  if (make_environment(c, chat, request) != WS_OK) return ws_error_nomem(err);
  c->input = make_input(request);
  if (c->input < 0 || !make_pipe(&c->out, &c->child_out) ||
      !make_pipe(&c->err, &c->child_err))
    return cannot_start(chat, errno, err);
  if (ws_buffer_text(&copy, command) != WS_OK) return ws_error_nomem(err);
  int code = spawn(c, copy.data);
  ws_buffer_clear(&copy);
  close_fd(&c->input);
  close_fd(&c->child_out);
  close_fd(&c->child_err);
  return code == 0 ? WS_OK : cannot_start(chat, code, err);
}

/* --- listening --- */

/* Takes what is there; closes the descriptor at the end of it. */
static ws_status drain(child *c, int *fd, ws_buffer *into, size_t most) {
  char piece[8192];
  for (int pieces = 0; *fd >= 0 && pieces < MOST_PIECES; pieces++) {
    ssize_t got = read(*fd, piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return WS_OK;
    if (got <= 0) {
      close_fd(fd);
      return WS_OK;
    }
    size_t room = most - into->size, size = (size_t)got;
    if (size > room && into == &c->said) {
      c->too_large = true;
      return WS_OK;
    }
    WS_TRY(ws_buffer_append(into, piece, size < room ? size : room));
  }
  return WS_OK;
}

static ws_status drain_both(child *c) {
  WS_TRY(drain(c, &c->out, &c->said, WS_CHAT_MAX_REPLY));
  return drain(c, &c->err, &c->complaint, STDERR_KEPT);
}

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Whether it has ended; it stays to be waited for, so that its number is not given to
 * another process before its group is killed. */
static bool has_ended(const child *c) {
  siginfo_t about = {0};
  int code = waitid(P_PID, (id_t)c->pid, &about, WEXITED | WNOHANG | WNOWAIT);
  return code == 0 ? about.si_pid == c->pid : errno != EINTR;
}

typedef enum ending { ENDED, LATE, LARGE, BROKEN_OFF } ending;

static ws_status listen_to(child *c, ws_chat *chat, ending *how) {
  double until = seconds_now() + chat->options.seconds;
  for (;;) {
    struct pollfd both[] = {{c->out, POLLIN, 0}, {c->err, POLLIN, 0}};
    bool ended = has_ended(c); // before the last look at what it said
    WS_TRY(drain_both(c));
    *how = c->too_large ? LARGE : ENDED;
    if (ended || c->too_large) return WS_OK;
    *how = BROKEN_OFF;
    if (!ws__chat_goes_on(chat)) return WS_OK;
    *how = LATE;
    if (seconds_now() >= until) return WS_OK;
    poll(both, 2, c->out < 0 && c->err < 0 ? ENDING_MS : TICK_MS);
  }
}

/* Kills what is left of its group, and what `strayed` from it; returns its wait status.
 */
static int finish(child *c, bool strayed) {
  int status = 0;
  kill(-c->pid, SIGKILL);
  if (strayed) ws__chat_kill_strays(c->mark);
  while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR) continue;
  return status;
}

/* --- what came of it --- */

/* "the command 'llm -m large'": so much of it as tells which one. */
static const char *put_name(const ws_chat *chat, char out[NAME_SIZE]) {
  const char *command = chat->options.command;
  size_t size = strlen(command), shown = size < NAME_SHOWN ? size : NAME_SHOWN;
  while (shown < size && ((unsigned char)command[shown] & 0xC0) == 0x80) shown--;
  snprintf(out, NAME_SIZE, "the command '%.*s%s'", (int)shown, command,
           shown < size ? "..." : "");
  return out;
}

static ws_status judge_exit(ws_chat *chat, int status, ws_error *err) {
  char name[NAME_SIZE];
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return WS_OK;
  put_name(chat, name);
  if (WIFSIGNALED(status))
    return ws__chat_fail(chat, WS_CHAT_COMMAND, WS_EIO, err, "%s was ended by signal %d",
                         name, WTERMSIG(status));
  return ws__chat_fail(chat, WS_CHAT_COMMAND, WS_EIO, err, "%s ended with exit code %d",
                       name, WEXITSTATUS(status));
}

static ws_status judge(child *c, ws_chat *chat, ending how, int status, ws_error *err) {
  char name[NAME_SIZE];
  switch (how) {
  case LATE:
    return ws__chat_fail(chat, WS_CHAT_TIMEOUT, WS_EIO, err,
                         "%s had not ended after %u s and was killed",
                         put_name(chat, name), chat->options.seconds);
  case LARGE:
    return ws__chat_fail(chat, WS_CHAT_TOO_LARGE, WS_EIO, err,
                         "%s printed more than 1 MiB and was killed",
                         put_name(chat, name));
  case BROKEN_OFF:
    return ws__chat_fail(chat, WS_CHAT_STOPPED, WS_ESTOPPED, err, "stopped");
  case ENDED:
    break;
  }
  WS_TRY(judge_exit(chat, status, err));
  if (!ws_utf8_valid(ws_buffer_as_text(&c->said)))
    return ws__chat_fail(chat, WS_CHAT_MALFORMED, WS_EIO, err,
                         "%s printed what is not UTF-8", put_name(chat, name));
  return WS_OK;
}

static ws_status run(child *c, ws_chat *chat, const ws_chat_request *request,
                     ws__chat_attempt *attempt, ws_error *err) {
  ending how = ENDED;
  ws__chat_starting(chat, true); // pipes of one are not for the others' children
  ws_status started = start(c, chat, request, err);
  ws__chat_starting(chat, false);
  WS_TRY(started);
  attempt->charged = true;
  ws_status heard = listen_to(c, chat, &how);
  int status = finish(c, heard != WS_OK || how != ENDED);
  if (heard != WS_OK) return ws_error_nomem(err);
  if (ws__chat_detail_text(chat, ws_buffer_as_text(&c->complaint), STDERR_KEPT) != WS_OK)
    return ws_error_nomem(err);
  return judge(c, chat, how, status, err);
}

ws_status ws__chat_command_ask(ws_chat *chat, const ws_chat_request *request,
                               ws_chat_reply *reply, ws__chat_attempt *attempt,
                               ws_error *err) {
  child c = {.input = -1, .out = -1, .err = -1, .child_out = -1, .child_err = -1};
  ws_status status = run(&c, chat, request, attempt, err);
  if (status == WS_OK) {
    reply->usage.estimated = true;
    reply->finish = WS_CHAT_STOP;
    ws_buffer empty = reply->text;
    reply->text = c.said;
    c.said = empty;
  }
  int *fds[] = {&c.input, &c.out, &c.err, &c.child_out, &c.child_err};
  for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) close_fd(fds[i]);
  ws_buffer_clear(&c.said);
  ws_buffer_clear(&c.complaint);
  ws_buffer_clear(&c.variables);
  ws_free(c.environment);
  return status;
}
