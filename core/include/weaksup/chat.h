/* SPDX-License-Identifier: MIT
 *
 * Asking a language model: one request, one reply, from an HTTP server, from a command,
 * or from a folder of replies that were recorded before.
 *
 *   ws_chat_options options = ws_chat_options_default();
 *   options.endpoint = "http://localhost:8080", options.model = "m";
 *   ws_chat_open(&options, &chat, &err);
 *   ws_chat_ask(chat, &request, &reply, &err);
 *   ... reply.text ...
 *   ws_chat_reply_clear(&reply), ws_chat_free(chat);
 *
 * A reply is recorded under the hash of what was asked: model, parameters, system text
 * and prompt; never of where it was asked, nor of the API key, which is nowhere written.
 * The same request is asked once: to have several answers to it, let `seed` differ.
 *
 * libcurl itself looks for proxies in the environment, as it does for other programs.
 *
 * Everything in a reply comes from elsewhere: it is UTF-8 and at most
 * WS_CHAT_MAX_REPLY bytes, and that is all that is known of it.
 */
#ifndef WEAKSUP_CHAT_H
#define WEAKSUP_CHAT_H

#include <weaksup/progress.h>
#include <weaksup/text.h>

WS_BEGIN_DECLS

#define WS_CHAT_MAX_REPLY  ((size_t)1 << 20) // bytes; what is larger is refused
#define WS_CHAT_MAX_PROMPT ((size_t)16 << 20)
#define WS_CHAT_MAX_SEED   INT64_C(0x7FFFFFFF) // some servers take no larger one

/* How a server wants to be told what goes beyond the common: grammars, and not to think
 * aloud where the form of the reply is given. */
typedef enum ws_chat_server {
  WS_CHAT_OPENAI,    // response_format alone; a grammar cannot be said
  WS_CHAT_LLAMA_CPP, // "grammar"; chat_template_kwargs.enable_thinking
  WS_CHAT_VLLM,      // "structured_outputs"; chat_template_kwargs.enable_thinking
  WS_CHAT_OLLAMA,    // response_format; "reasoning_effort": "none"; no grammar
} ws_chat_server;

/* "openai", "llama.cpp", "vllm", "ollama"; false for other names. */
WS_API bool ws_chat_server_find(const char *name, ws_chat_server *out);

/* Of endpoint and command at most one is given, of replay and record, too. With `replay`
 * nothing else is asked, whatever is given: no socket is opened and no process started.
 * Texts are copied. */
typedef struct ws_chat_options {
  const char *endpoint;  // URL of an OpenAI-compatible server, http or https: without a
                         // path /v1/chat/completions is added, to another one
                         // /chat/completions where it does not end so
  ws_chat_server server; // default WS_CHAT_OPENAI
  const char *api_key;   // sent as a bearer token; NULL: none
  const char *command; // run by /bin/sh: system text, an empty line and the prompt on its
                       // standard input (the prompt alone where there is no system text);
                       // its standard output is the reply. WEAKSUP_CHAT_MODEL,
                       // _MAX_TOKENS, _TEMPERATURE, _SEED, _JSON_SCHEMA and _GRAMMAR are
                       // in its environment where they are set
  const char *model;   // needed with an endpoint; NULL with a command: the command itself
  const char *replay;  // folder of recorded replies; what is not there is an error
  const char *record;  // folder where replies are kept, made where it is missing; what is
                       // there already is taken from it and not asked again
  uint64_t budget_tokens; // prompt and reply together; UINT64_MAX (default): none
  double budget_usd;      // NaN (default): none
  double price_input, price_output; // USD for 1,000,000 tokens; NaN (default): unknown
  unsigned connect_seconds;         // default 10
  unsigned seconds; // for one attempt, or one run of the command; default 300
  unsigned retries; // after 429, 5xx, a timeout, a connection that broke; default 4
  unsigned retry_milliseconds; // before the first of them, doubled for each, without
                               // jitter; a server's Retry-After wins; default 1000
  unsigned longest_wait;     // seconds: who asks for more is not waited for; default 120
  unsigned jobs;             // requests on their way at once that ws_chat_begin began;
                             // default 1: it begins none
  uint64_t seed;             // of the jitter
  ws_progress_sink progress; // "asking": requests answered; asked several times a second
                             // whether to stop
} ws_chat_options;

WS_API ws_chat_options ws_chat_options_default(void);

/* What is asked: the texts are borrowed for the call, and are UTF-8. */
typedef struct ws_chat_request {
  ws_text system; // may be empty
  ws_text prompt;
  uint32_t max_tokens; // of the reply; must not be 0; default 1024
  double temperature;  // NaN (default): not sent, the server's own
  int64_t seed;        // 0 .. WS_CHAT_MAX_SEED; -1 (default): not sent
  ws_text json_schema; // an object in JSON that the reply shall follow; empty: none
  ws_text grammar;     // the same in GBNF, for servers that take it; of both, where a
                       // server takes either, the grammar is sent
} ws_chat_request;

WS_API ws_chat_request ws_chat_request_of(ws_text system, ws_text prompt);

/* Why there is no reply. The texts are fit for a report ("budget", "not_recorded"). */
#define WS_CHAT_FAILURE_MAP(X)                                                           \
  X(FINE, "fine")                                                                        \
  X(BUDGET, "budget") /* it might cost more than is left; nothing was sent */            \
  X(NOT_RECORDED, "not_recorded") /* the replay folder does not have it */               \
  X(BAD_ENTRY, "bad_entry")       /* the recorded reply cannot be read */                \
  X(UNREACHABLE, "unreachable")   /* no connection; it broke, even when tried again */   \
  X(TIMEOUT, "timeout")                                                                  \
  X(REFUSED,                                                                             \
    "refused")        /* this request: any other status than 2xx, or what the server */  \
                      /* or the model says in place of a reply */                        \
  X(DENIED, "denied") /* all requests: 401, 403, 404, a redirect */                      \
  X(OVERLOADED, "overloaded") /* 429 or 5xx, even when tried again */                    \
  X(MALFORMED, "malformed")   /* what came is no reply */                                \
  X(TOO_LARGE, "too_large")                                                              \
  X(COMMAND, "command")   /* it could not be started, or ended with an error */          \
  X(STOPPED, "stopped")   /* by the caller */                                            \
  X(INTERNAL, "internal") /* the request makes no sense; no memory; disk errors */

typedef enum ws_chat_failure {
#define WS_CHAT_FAILURE_ENUM(name, text) WS_CHAT_##name,
  WS_CHAT_FAILURE_MAP(WS_CHAT_FAILURE_ENUM)
#undef WS_CHAT_FAILURE_ENUM
} ws_chat_failure;

WS_API const char *ws_chat_failure_text(ws_chat_failure failure);

typedef enum ws_chat_finish {
  WS_CHAT_STOP,     // the model was done
  WS_CHAT_LENGTH,   // cut at max_tokens, perhaps before it said anything
  WS_CHAT_FILTERED, // cut by a filter of the server
  WS_CHAT_OTHER,    // a tool call, or not said
} ws_chat_finish;

/* "stop", "length", "content_filter", "other". */
WS_API const char *ws_chat_finish_text(ws_chat_finish finish);

typedef struct ws_chat_usage {
  uint64_t input, output; // tokens of prompt and reply
  bool estimated;         // from the texts' sizes: the reply does not tell
} ws_chat_usage;

/* All but `recorded` is the same when the reply is taken from a folder. Start from {0};
 * clear it. */
typedef struct ws_chat_reply {
  ws_buffer text; // ends in a NUL that does not count; may hold others
  ws_chat_finish finish;
  ws_chat_usage usage;
  double usd;        // what it costs at the prices given; NaN where they are unknown
  ws_buffer model;   // what the server says has answered; the model's name else
  char key[33];      // of the request
  bool recorded;     // taken from the folder: nothing was asked
  unsigned attempts; // that it took; 0 where it is recorded
} ws_chat_reply;

WS_API void ws_chat_reply_clear(ws_chat_reply *reply);

typedef struct ws_chat ws_chat;

/* Nothing is asked yet. WS_EINVAL where the options make no sense together, or name an
 * endpoint and this build has no libcurl (ws_chat_has_http); WS_EIO where the folder
 * cannot be made or is not there. */
WS_API WS_CHECK ws_status ws_chat_open(const ws_chat_options *options, ws_chat **out,
                                       ws_error *err);
WS_API void ws_chat_free(ws_chat *chat);

/* Whether this build can speak HTTP. */
WS_API bool ws_chat_has_http(void);
/* The name that requests are recorded under, and replies are provided with. */
WS_API const char *ws_chat_model(const ws_chat *chat);

/* Whether it asks a command, and not a server. */
WS_API bool ws_chat_runs_command(const ws_chat *chat);

/* Asks, and waits for the reply, which is cleared first. On failure it is empty;
 * ws_chat_last_failure tells the kind and ws_chat_detail more. WS_ESTOPPED where the
 * progress function asks to stop; WS_EINVAL where the request makes no sense or goes
 * beyond the budget; else WS_EIO. */
WS_API WS_CHECK ws_status ws_chat_ask(ws_chat *chat, const ws_chat_request *request,
                                      ws_chat_reply *reply, ws_error *err);

/* Asks ahead for what ws_chat_ask will be asked soon, in the same order: up to `jobs` at
 * a time, a few more wait for their turn. What comes of it is the same with and without,
 * but for the time. It goes through the budget with all that is on its way at its worst
 * case, and what comes is recorded at once. False where there is no room for it now: try
 * again behind the next ws_chat_ask. True also where nothing is to be asked, as it is
 * recorded or was begun. What nobody asked for in the end was sent for nothing, and is
 * broken off with ws_chat_free. To be called, as all here, by one thread. */
WS_API bool ws_chat_begin(ws_chat *chat, const ws_chat_request *request);

/* Of the last ws_chat_ask. */
WS_API ws_chat_failure ws_chat_last_failure(const ws_chat *chat);
/* What does not go into one line, valid until the next call, perhaps empty: the
 * difference of the request to the nearest recorded one; what the command said on
 * standard error; the beginning of what a server answered. Cleaned for terminals but for
 * its line ends. */
WS_API ws_text ws_chat_detail(const ws_chat *chat);

/* What was used so far. The budget is that of the whole work: replies that are recorded
 * count as when they were asked, so that it ends at the same place when it is done
 * again. */
typedef struct ws_chat_account {
  uint64_t replies;  // that came, recorded ones among them
  uint64_t recorded; // that were taken from a folder: nothing was paid for them now
  uint64_t retries;
  uint64_t failed;     // requests without a reply
  ws_chat_usage usage; // of all replies, and of attempts that may have been charged
                       // though no reply came, taken at their worst case
  uint64_t estimated;  // replies and attempts whose usage is estimated
  double usd;          // what that costs; NaN where prices are unknown
  ws_chat_usage paid;  // the part that is not from a folder
  double paid_usd;
} ws_chat_account;

WS_API ws_chat_account ws_chat_account_of(const ws_chat *chat);

/* About how many tokens a text has: a quarter of its ASCII bytes, half of the others. */
WS_API uint64_t ws_chat_estimate(ws_text text);
/* What the request can use at most: its texts by estimate, and max_tokens. */
WS_API ws_chat_usage ws_chat_worst_case(const ws_chat_request *request);
/* What that costs, in USD; NaN where prices are unknown. */
WS_API double ws_chat_cost(const ws_chat_options *options, ws_chat_usage usage);

/* The key under which the reply to a request is recorded: the XXH3-128 of its canonical
 * JSON, which docs/formats.md describes. */
WS_API WS_CHECK ws_status ws_chat_key(const char *model, const ws_chat_request *request,
                                      char out[33]);

WS_END_DECLS

#endif
