/* SPDX-License-Identifier: MIT
 *
 * A conversation with a language model of one request and one reply at a time: budget
 * first, then the folder of recorded replies, then whoever answers, again where that is
 * worth it.
 *
 * The budget comes first even for what is recorded: work that is done again ends where it
 * ended before, whatever the folder holds.
 */
#include "chat_priv.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

enum { SLICE_MS = 50, MAX_DOUBLINGS = 16 };

/* --- names --- */

bool ws_chat_server_find(const char *name, ws_chat_server *out) {
  static const char *const names[] = {"openai", "llama.cpp", "vllm", "ollama"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(name, names[i]) == 0) {
      *out = (ws_chat_server)i;
      return true;
    }
  return false;
}

const char *ws_chat_failure_text(ws_chat_failure failure) {
  static const char *const texts[] = {
#define FAILURE_TEXT(name, text) text,
      WS_CHAT_FAILURE_MAP(FAILURE_TEXT)
#undef FAILURE_TEXT
  };
  return texts[failure];
}

const char *ws_chat_finish_text(ws_chat_finish finish) {
  static const char *const texts[] = {"stop", "length", "content_filter", "other"};
  return texts[finish];
}

/* --- opening --- */

ws_chat_options ws_chat_options_default(void) {
  return (ws_chat_options){.budget_tokens = UINT64_MAX,
                           .budget_usd = (double)NAN,
                           .price_input = (double)NAN,
                           .price_output = (double)NAN,
                           .connect_seconds = 10,
                           .seconds = 300,
                           .retries = 4,
                           .retry_milliseconds = 1000,
                           .jobs = 1,
                           .longest_wait = 120};
}

static ws_status check_prices(const ws_chat_options *o, ws_error *err) {
  const double prices[] = {o->price_input, o->price_output, o->budget_usd};
  for (size_t i = 0; i < 3; i++)
    if (!isnan(prices[i]) && !(prices[i] >= 0 && prices[i] <= 1e9))
      return ws_error_set(err, WS_EINVAL,
                          "prices and budgets: expected USD, not negative, found %g",
                          prices[i]);
  if (!isnan(o->budget_usd) && (isnan(o->price_input) || isnan(o->price_output)))
    return ws_error_set(err, WS_EINVAL,
                        "a budget in USD needs the prices of the model's tokens: "
                        "--price-in and --price-out, in USD for a million, or prices = { "
                        "input = USD, output = USD } in the task file");
  return WS_OK;
}

/* It becomes a line of the header. */
static ws_status check_api_key(const char *key, ws_error *err) {
  for (const char *at = key; at && *at; at++)
    if (*at <= ' ' || *at > '~')
      return ws_error_set(err, WS_EINVAL,
                          "API key: expected letters, digits and signs of ASCII only, "
                          "found another character (it is not shown)");
  return WS_OK;
}

static ws_status check_options(const ws_chat_options *o, ws_error *err) {
  if (o->endpoint && o->command)
    return ws_error_set(err, WS_EINVAL, "expected an endpoint or a command, found both");
  if (o->replay && o->record)
    return ws_error_set(err, WS_EINVAL,
                        "expected a folder to replay or one to record in, found both");
  if (!o->endpoint && !o->command && !o->replay)
    return ws_error_set(err, WS_EINVAL,
                        "expected an endpoint, a command, or a folder to replay");
  if (!o->model && !o->command)
    return ws_error_set(err, WS_EINVAL, "expected the name of the model: --model");
  if (o->seconds == 0 || o->connect_seconds == 0)
    return ws_error_set(err, WS_EINVAL, "expected a timeout of at least a second");
  if (o->model && !ws_utf8_valid(ws_text_of(o->model)))
    return ws_error_set(err, WS_EINVAL, "name of the model: not UTF-8");
  WS_TRY(check_api_key(o->api_key, err));
  return check_prices(o, err);
}

static ws_status copy_text(ws_chat *chat, const char **text) {
  ws_text copy;
  if (!*text) return WS_OK;
  WS_TRY(ws_arena_text(&chat->texts, ws_text_of(*text), &copy));
  *text = copy.data;
  return WS_OK;
}

static ws_status copy_options(ws_chat *chat, const ws_chat_options *options) {
  ws_chat_options *o = &chat->options;
  *o = *options;
  if (!o->model) o->model = o->command;
  const char **texts[] = {&o->endpoint, &o->api_key, &o->command,
                          &o->model,    &o->replay,  &o->record};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    WS_TRY(copy_text(chat, texts[i]));
  return WS_OK;
}

static ws_status check_folder(const char *path, bool make, ws_error *err) {
  struct stat about;
  if (make && mkdir(path, 0777) != 0 && errno != EEXIST)
    return ws_error_set(err, WS_EIO, "%s: cannot make the folder: %s", path,
                        strerror(errno));
  if (stat(path, &about) != 0)
    return ws_error_set(err, WS_EIO, "%s: %s", path, strerror(errno));
  if (!S_ISDIR(about.st_mode))
    return ws_error_set(err, WS_EIO, "%s: expected a folder of recorded replies", path);
  return WS_OK;
}

ws_status ws__chat_can_record(const char *path, ws_error *err) {
  if (access(path, W_OK | X_OK) == 0) return WS_OK;
  return ws_error_set(err, WS_EIO, "%s: replies cannot be recorded there: %s", path,
                      strerror(errno));
}

static ws_status prepare(ws_chat *chat, const ws_chat_options *options, ws_error *err) {
  const ws_chat_options *o = &chat->options;
  if (copy_options(chat, options) != WS_OK || ws_json_parser_new(&chat->parser) != WS_OK)
    return ws_error_nomem(err);
  ws_rng_init(&chat->rng, o->seed);
  if (isnan(o->price_input) || isnan(o->price_output))
    chat->account.usd = chat->account.paid_usd = (double)NAN;
  if (o->replay) return check_folder(o->replay, false, err);
  if (o->endpoint) WS_TRY(ws__chat_check_url(chat, err));
  return o->record ? check_folder(o->record, true, err) : WS_OK;
}

ws_status ws_chat_open(const ws_chat_options *options, ws_chat **out, ws_error *err) {
  WS_TRY(check_options(options, err));
  ws_chat *chat = ws_alloc_zero(1, sizeof *chat);
  if (!chat) return ws_error_nomem(err);
  ws_status status = prepare(chat, options, err);
  if (status == WS_OK)
    *out = chat;
  else
    ws_chat_free(chat);
  return status;
}

void ws_chat_free(ws_chat *chat) {
  if (!chat) return;
  ws__chat_ahead_free(chat);
  ws__chat_http_free(chat->http);
  ws_json_parser_free(chat->parser);
  ws_buffer_clear(&chat->detail);
  ws_arena_clear(&chat->texts);
  ws_free(chat);
}

/* --- what is known --- */

const char *ws_chat_model(const ws_chat *chat) {
  return chat->options.model;
}

bool ws_chat_runs_command(const ws_chat *chat) {
  return chat->options.command != NULL;
}

ws_chat_failure ws_chat_last_failure(const ws_chat *chat) {
  return chat->failure;
}

ws_text ws_chat_detail(const ws_chat *chat) {
  return ws_buffer_as_text(&chat->detail);
}

ws_chat_account ws_chat_account_of(const ws_chat *chat) {
  return chat->account;
}

void ws_chat_reply_clear(ws_chat_reply *reply) {
  ws_buffer_clear(&reply->text);
  ws_buffer_clear(&reply->model);
  *reply = (ws_chat_reply){0};
}

/* --- failing --- */

ws_status ws__chat_fail(ws_chat *chat, ws_chat_failure failure, ws_status status,
                        ws_error *err, const char *format, ...) {
  char text[WS_ERROR_MESSAGE_SIZE];
  va_list values;
  va_start(values, format);
  vsnprintf(text, sizeof text, format, values);
  va_end(values);
  chat->failure = failure;
  return ws_error_set(err, status, "%s", text);
}

ws_status ws__chat_detail_text(ws_chat *chat, ws_text text, size_t most) {
  size_t start = chat->detail.size;
  bool cut = text.size > most;
  if (cut) text.size = most;
  WS_TRY(ws_buffer_text(&chat->detail, text));
  char *line = chat->detail.data + start, *end = chat->detail.data + chat->detail.size;
  while (line < end) {
    char *stop = memchr(line, '\n', (size_t)(end - line));
    if (!stop) stop = end;
    ws_text_clean(line, (size_t)(stop - line));
    line = stop + (stop < end);
  }
  return cut ? ws_buffer_string(&chat->detail, "...") : WS_OK;
}

bool ws__chat_goes_on(const ws_chat *chat) {
  return ws_progress_report(chat->options.progress, "asking", chat->account.replies, 0,
                            "replies");
}

/* --- asking --- */

static double pick_wait(ws_chat *chat, unsigned retry, const ws__chat_attempt *attempt) {
  unsigned doublings = retry < MAX_DOUBLINGS ? retry : MAX_DOUBLINGS;
  double wait = chat->options.retry_milliseconds * 1e-3 * (double)(1u << doublings);
  wait *= 0.5 + ws_rng_uniform(&chat->rng); // so that many that wait don't come together
  if (wait > chat->options.longest_wait) wait = chat->options.longest_wait;
  return attempt->wait >= 0 ? attempt->wait : wait;
}

/* False where the caller wants to stop. */
static bool sleep_for(const ws_chat *chat, double seconds) {
  for (double left = seconds * 1e3; left > 0; left -= SLICE_MS) {
    double ms = left < SLICE_MS ? left : SLICE_MS;
    struct timespec time = {0, (long)(ms * 1e6)};
    if (!ws__chat_goes_on(chat)) return false;
    nanosleep(&time, NULL);
  }
  return ws__chat_goes_on(chat);
}

static ws_status ask_once(ws_chat *chat, const ws_chat_request *request,
                          ws_chat_reply *reply, ws__chat_attempt *attempt,
                          ws_error *err) {
  *attempt = (ws__chat_attempt){.wait = -1};
  chat->detail.size = 0;
  reply->text.size = 0;
  reply->model.size = 0;
  reply->attempts++;
  if (chat->options.command)
    return ws__chat_command_ask(chat, request, reply, attempt, err);
  return ws__chat_http_ask(chat, request, reply, attempt, err);
}

static ws_status stopped(ws_chat *chat, ws_error *err) {
  return ws__chat_fail(chat, WS_CHAT_STOPPED, WS_ESTOPPED, err, "stopped");
}

/* Whether to ask again, after waiting; else *status is what the request ends with. */
static bool tries_again(ws_chat *chat, const ws_chat_request *request, unsigned retry,
                        const ws__chat_attempt *attempt, ws_status *status,
                        ws_error *err) {
  if (attempt->charged) ws__chat_count_lost(chat, request);
  if (!attempt->again) return false;
  if (retry == chat->options.retries && !attempt->other) {
    if (retry) ws_error_prefix(err, "tried %u times: ", retry + 1);
    return false;
  }
  double wait = pick_wait(chat, retry, attempt);
  if (wait > chat->options.longest_wait) {
    ws_error_prefix(err,
                    "it asks to wait for %.0f s, longer than the %u s allowed: ", wait,
                    chat->options.longest_wait);
    return false;
  }
  if (!sleep_for(chat, wait)) {
    *status = stopped(chat, err);
    return false;
  }
  ws_error before = err ? *err : (ws_error)WS_ERROR_INIT;
  ws__chat_ahead_count(chat);
  *status = ws__chat_budget(chat, request, err);
  if (*status != WS_OK) {
    ws_error_prefix(err, "not asked again after '%.200s': ", before.message);
    return false;
  }
  chat->account.retries += !attempt->other;
  return true;
}

ws_status ws__chat_ask_live(ws_chat *chat, const ws_chat_request *request,
                            ws_chat_reply *reply, ws_error *err) {
  for (unsigned retry = 0;;) {
    ws__chat_attempt attempt;
    ws_status status = ask_once(chat, request, reply, &attempt, err);
    if (status == WS_OK) break;
    if (!tries_again(chat, request, retry, &attempt, &status, err)) return status;
    retry += !attempt.other;
  }
  if (reply->usage.estimated)
    reply->usage.input = ws_chat_worst_case(request).input,
    reply->usage.output = ws_chat_estimate(ws_buffer_as_text(&reply->text));
  if (reply->model.size == 0) return ws_buffer_string(&reply->model, ws_chat_model(chat));
  return WS_OK;
}

static ws_status not_recorded(ws_chat *chat, ws_text canonical, const char *key,
                              ws_error *err) {
  if (ws__chat_nearest(chat, chat->options.replay, canonical) != WS_OK)
    return ws_error_nomem(err);
  return ws__chat_fail(chat, WS_CHAT_NOT_RECORDED, WS_EIO, err,
                       "%s: no recorded reply to this request, whose key is %s",
                       chat->options.replay, key);
}

static void count_reply(ws_chat *chat, ws_chat_reply *reply) {
  reply->usd = ws_chat_cost(&chat->options, reply->usage);
  ws__chat_count(chat, reply);
}

static ws_status find_or_ask(ws_chat *chat, const ws_chat_request *request,
                             ws_text canonical, ws_chat_reply *reply, ws_error *err) {
  const char *replay = chat->options.replay, *record = chat->options.record;
  const char *folder = replay ? replay : record;
  bool found = false;
  ws__chat_taken ahead;
  WS_TRY(ws__chat_budget(chat, request, err));
  ws_status status = ws__chat_ahead_take(chat, reply, &ahead, err);
  if (ahead.came) count_reply(chat, reply);
  if (ahead.taken || status != WS_OK) return status;
  if (folder) WS_TRY(ws__chat_entry_load(chat, folder, canonical, reply, &found, err));
  if (!found && replay) return not_recorded(chat, canonical, reply->key, err);
  reply->recorded = found;
  if (!found && record) WS_TRY(ws__chat_can_record(record, err));
  if (!found) WS_TRY(ws__chat_ahead_alone(chat, request, err));
  if (!found) WS_TRY(ws__chat_ask_live(chat, request, reply, err));
  count_reply(chat, reply);
  if (found || !record) return WS_OK;
  return ws__chat_entry_save(chat, record, canonical, reply, err);
}

ws_status ws_chat_ask(ws_chat *chat, const ws_chat_request *request, ws_chat_reply *reply,
                      ws_error *err) {
  ws_buffer canonical = {0};
  ws_chat_reply_clear(reply);
  chat->detail.size = 0;
  chat->failure = WS_CHAT_FINE;
  ws_status status = ws__chat_canonical(chat->options.model, request, &canonical, err);
  if (status == WS_OK && !ws__chat_goes_on(chat)) status = stopped(chat, err);
  if (status == WS_OK) {
    ws_hash128_hex(ws_hash128_of(canonical.data, canonical.size), reply->key);
    status = find_or_ask(chat, request, ws_buffer_as_text(&canonical), reply, err);
  }
  if (status == WS_ENOMEM) ws_error_nomem(err);
  if (status == WS_OK) {
    chat->failure = WS_CHAT_FINE; // attempts before the last one may have failed
  } else {
    if (chat->failure == WS_CHAT_FINE) chat->failure = WS_CHAT_INTERNAL;
    chat->account.failed++;
    ws_chat_reply_clear(reply);
  }
  ws_buffer_clear(&canonical);
  return status;
}
