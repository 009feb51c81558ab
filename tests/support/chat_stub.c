/* SPDX-License-Identifier: MIT
 *
 * Starting the stub, and asking it.
 */
#include "chat_stub.h"

#include <time.h>

#include <weaksup/output.h>

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int read_port(const char *folder) {
  char path[256];
  int port = 0;
  snprintf(path, sizeof path, "%s/port", folder);
  FILE *file = fopen(path, "r");
  if (file && fscanf(file, "%d", &port) != 1) port = 0;
  if (file) fclose(file);
  return port;
}

int stub_set_up(const char *server, void **state) {
  char command[512];
  stub *s = *state = calloc(1, sizeof *s);
  s->folder = ws_test_folder();
  if (!ws_chat_has_http() || system("python3 -c '' 2>/dev/null") != 0) return 0;
  snprintf(command, sizeof command, "exec python3 '%s' '%s'", server, s->folder);
  s->server = popen(command, "w"); // it ends when the pipe does
  assert_non_null(s->server);
  for (int i = 0; i < 600 && !s->port; i++) {
    nanosleep(&(struct timespec){0, 50000000}, NULL);
    s->port = read_port(s->folder);
  }
  assert_true(s->port > 0);
  return 0;
}

int stub_tear_down(void **state) {
  stub *s = *state;
  if (s->server) pclose(s->server);
  ws_test_remove_folder(s->folder);
  free(s);
  return 0;
}

ws_chat_options stub_options(const stub *s, const char *how, char url[200]) {
  ws_chat_options options = ws_chat_options_default();
  snprintf(url, 200, "http://127.0.0.1:%d/%s", s->port, how);
  options.endpoint = url;
  options.model = "m";
  options.retry_milliseconds = 1;
  options.seconds = 20;
  return options;
}

stub_asked stub_ask_with(const ws_chat_options *options, const ws_chat_request *request) {
  stub_asked a = {.err = WS_ERROR_INIT};
  ws_chat *chat = NULL;
  assert_ok(ws_chat_open(options, &chat, &a.err), &a.err);
  double began = seconds_now();
  a.status = ws_chat_ask(chat, request, &a.reply, &a.err);
  a.seconds = seconds_now() - began;
  a.failure = ws_chat_last_failure(chat);
  a.account = ws_chat_account_of(chat);
  assert_ok(ws_buffer_text(&a.detail, ws_chat_detail(chat)), NULL);
  ws_chat_free(chat);
  return a;
}

stub_asked stub_ask(const stub *s, const char *how) {
  char url[200];
  ws_chat_options options = stub_options(s, how, url);
  ws_chat_request request = ws_chat_request_of(ws_text_of("be brief"), ws_text_of("hi"));
  request.max_tokens = 100;
  return stub_ask_with(&options, &request);
}

void stub_asked_clear(stub_asked *a) {
  ws_chat_reply_clear(&a->reply);
  ws_buffer_clear(&a->detail);
}

/* What the stub wrote down of its nth request. */
char *stub_request(const stub *s, int n) {
  char path[256];
  ws_buffer bytes = {0};
  snprintf(path, sizeof path, "%s/%d.json", s->folder, n);
  assert_ok(ws_input_file(path, 1 << 24, &bytes, NULL), NULL);
  return bytes.data;
}

void assert_replied(stub_asked *a, const char *text) {
  assert_ok(a->status, &a->err);
  assert_int_equal(a->failure, WS_CHAT_FINE);
  assert_string_equal(a->reply.text.data, text);
  stub_asked_clear(a);
}

void assert_no_reply(stub_asked *a, ws_chat_failure failure, const char *part) {
  assert_int_equal(a->status, WS_EIO);
  assert_string_equal(ws_chat_failure_text(a->failure), ws_chat_failure_text(failure));
  assert_message(&a->err, part);
  assert_int_equal(a->reply.text.size, 0);
  assert_int_equal(a->account.failed, 1);
  assert_int_equal(a->account.replies, 0);
  stub_asked_clear(a);
}

void assert_refused_at_once(const stub *s, const stub_case *cases, size_t count) {
  for (size_t i = 0; i < count; i++) {
    stub_asked a = stub_ask(s, cases[i].how);
    assert_int_equal(a.account.retries, 0);
    assert_no_reply(&a, cases[i].failure, cases[i].part);
  }
}
