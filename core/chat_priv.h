/* SPDX-License-Identifier: MIT
 *
 * What the files of <weaksup/chat.h> share. chat.c decides what is done in which order;
 * each of the others does one thing: the request's canonical form, the account, recorded
 * entries, HTTP bodies, HTTP itself, a command.
 */
#ifndef WS__CHAT_PRIV_H
#define WS__CHAT_PRIV_H

#include <pthread.h>

#include <weaksup/arena.h>
#include <weaksup/chat.h>
#include <weaksup/json.h>
#include <weaksup/rng.h>

struct ws_chat {
  ws_arena texts;
  ws_chat_options options; // its texts lie in the arena
  ws_chat_account account;
  ws_chat_failure failure;
  ws_buffer detail;
  ws_json_parser *parser;
  ws_rng rng;
  struct ws__chat_http *http;   // made at the first request
  bool completion_tokens;       // the server wants max_tokens under its newer name
  struct ws__chat_ahead *ahead; // made when something is asked ahead
  struct ws__asker *asker;      // whose conversation it is; NULL: the caller's
  bool scarce; // the last command could not be started for want of what others hold
  pthread_mutex_t *starting; // held while a process or libcurl is started; NULL: there
                             // is one thread only
};

/* What came of one attempt that gave no reply. */
typedef struct ws__chat_attempt {
  bool again;   // worth another one
  bool other;   // which says the same in another form: it is no retry
  bool charged; // the server may have done the work
  double wait;  // seconds that the server asks for; negative: it does not say
} ws__chat_attempt;

/* Fills err and notes the kind; returns `status`. */
ws_status ws__chat_fail(ws_chat *chat, ws_chat_failure failure, ws_status status,
                        ws_error *err, const char *format, ...) WS_PRINTF(5, 6);
/* Appends to the detail, made fit for terminals, at most `most` bytes of it. */
ws_status ws__chat_detail_text(ws_chat *chat, ws_text text, size_t most);
/* False where the caller wants to stop. */
bool ws__chat_goes_on(const ws_chat *chat);

/* Holds off other threads that start something. */
static inline void ws__chat_starting(const ws_chat *chat, bool begins) {
  if (!chat->starting) return;
  if (begins)
    pthread_mutex_lock(chat->starting);
  else
    pthread_mutex_unlock(chat->starting);
}

/* Asks until there is a reply or it is no use. */
ws_status ws__chat_ask_live(ws_chat *chat, const ws_chat_request *request,
                            ws_chat_reply *reply, ws_error *err);
/* Nothing is paid for that could not be kept. */
ws_status ws__chat_can_record(const char *path, ws_error *err);

/* --- chat_ahead.c, chat_ahead_room.c --- */

typedef struct ws__chat_taken {
  bool taken; // it was asked ahead
  bool came;  // and there is a reply, though it may not have been recorded
} ws__chat_taken;

/* ws_chat_begin, of what is sent only if what stands under the key came well: with the
 * key of a request that was begun before, or "". Leaves there the key of this one. */
bool ws__chat_begin_behind(ws_chat *chat, const ws_chat_request *request, char key[33]);
/* Waits for what was asked ahead under reply->key, and takes it. */
ws_status ws__chat_ahead_take(ws_chat *chat, ws_chat_reply *reply, ws__chat_taken *out,
                              ws_error *err);
/* Of one that asks ahead: the account gets what the others have used, and may use. */
void ws__chat_ahead_count(ws_chat *chat);
/* Before a request is sent that was not asked ahead: WS_EINVAL where it may cost more
 * than is left beside what is on its way, which is waited for before that is said. */
ws_status ws__chat_ahead_alone(ws_chat *chat, const ws_chat_request *request,
                               ws_error *err);
/* Ends what is on its way. */
void ws__chat_ahead_free(ws_chat *chat);

/* --- chat_request.c --- */

/* Appends the canonical JSON of what is asked. WS_EINVAL where it makes no sense. */
ws_status ws__chat_canonical(const char *model, const ws_chat_request *request,
                             ws_buffer *out, ws_error *err);
/* Appends `schema` as a flat value to `out`; it must be an object. */
ws_status ws__chat_schema(ws_text schema, ws_buffer *out, ws_error *err);

/* --- chat_account.c --- */

/* WS_EINVAL where the request may cost more than is left. */
ws_status ws__chat_budget(ws_chat *chat, const ws_chat_request *request, ws_error *err);
void ws__chat_count(ws_chat *chat, const ws_chat_reply *reply);
/* An attempt without a reply that may have been charged. */
void ws__chat_count_lost(ws_chat *chat, const ws_chat_request *request);

/* --- chat_entry.c, chat_nearest.c --- */

/* Appends the path of the entry. */
ws_status ws__chat_entry_path(const char *folder, const char *key, ws_buffer *out);
/* Takes the reply from the folder. *found is false where it is not there. */
ws_status ws__chat_entry_load(ws_chat *chat, const char *folder, ws_text canonical,
                              ws_chat_reply *reply, bool *found, ws_error *err);
ws_status ws__chat_entry_save(ws_chat *chat, const char *folder, ws_text canonical,
                              const ws_chat_reply *reply, ws_error *err);
/* Puts into the detail how the request differs from the one in the folder that is most
 * like it. */
ws_status ws__chat_nearest(ws_chat *chat, const char *folder, ws_text canonical);

/* --- chat_sections.c --- */

/* Appends the text without marks, by which texts that differ in nothing else differ. */
ws_status ws__chat_unmarked(ws_text text, ws_buffer *out);
/* Appends to the detail how the texts differ but for their marks. */
ws_status ws__chat_put_texts(ws_chat *chat, ws_text key, ws_text asked, ws_text recorded);

/* --- chat_body.c --- */

/* Appends what is sent to the server. */
ws_status ws__chat_body(const ws_chat *chat, const ws_chat_request *request,
                        ws_buffer *out, ws_error *err);

/* --- chat_answer.c --- */

/* Reads what a server answered with status 2xx. `body` has WS_JSON_PADDING readable
 * bytes behind it. Usage is {0, 0, true} where it does not tell. WS_EIO: it, or the
 * model, would not answer, and `said` is why, fit for terminals. */
ws_status ws__chat_read_body(ws_json_parser *parser, ws_text body, ws_chat_reply *reply,
                             ws_buffer *said, ws_error *err);
/* Appends the message in the body of an error, or the body, fit for
 * terminals. */
ws_status ws__chat_error_text(ws_json_parser *parser, ws_text body, ws_buffer *out);

/* --- chat_http.c or chat_no_http.c, chat_command.c --- */

ws_status ws__chat_check_url(ws_chat *chat, ws_error *err); // completes options.endpoint
ws_status ws__chat_http_ask(ws_chat *chat, const ws_chat_request *request,
                            ws_chat_reply *reply, ws__chat_attempt *attempt,
                            ws_error *err);
void ws__chat_http_free(struct ws__chat_http *http);
ws_status ws__chat_command_ask(ws_chat *chat, const ws_chat_request *request,
                               ws_chat_reply *reply, ws__chat_attempt *attempt,
                               ws_error *err);

/* --- chat_strays.c --- */

/* Kills the processes of this user whose environment holds `mark` ("NAME=VALUE"). */
void ws__chat_kill_strays(const char *mark);

#endif
