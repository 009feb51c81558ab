/* SPDX-License-Identifier: MIT
 *
 * Texts with their labels, a record a line, in the forms that trainers of language models
 * and of text classifiers read. Records without a label are left out.
 */
#include <stdio.h>

#include <weaksup/hash.h>

#include "export_labels.h"
#include "members.h"
#include "say.h"

/* What is written for a record; anything but WS_OK ends. *wanted false: nothing. */
typedef ws_status (*put_fn)(export_labels *e, ws_json_writer *json, ws_text id,
                            ws_text text, const double *probs, bool *wanted);

typedef struct writing {
  export_labels *e;
  put_fn put;
} writing;

/* --- what language models are told -------------------------------------------------- */

ws_text export_answer(const export_labels *e, size_t k, char code[CODE_SIZE]) {
  if (!e->codes) return ws_task_class(e->task, k);
  code[0] = (char)('A' + k / 26);
  code[1] = (char)('A' + k % 26);
  code[2] = '\0';
  return (ws_text){code, 2};
}

ws_status export_instructions(const export_labels *e, ws_buffer *out) {
  const char *task = ws_task_get(e->task, WS_TASK_TASK_TEXT);
  WS_TRY(ws_buffer_text(out, ws_text_of(task ? task : "Classify the text.")));
  WS_TRY(ws_buffer_text(out, ws_text_of("\nAnswer with one of these and nothing else:")));
  for (size_t k = 0; k < ws_task_classes(e->task); k++) {
    ws_text words = ws_task_describe(e->task, k);
    char code[CODE_SIZE];
    WS_TRY(ws_buffer_text(out, ws_text_of("\n- ")));
    WS_TRY(ws_buffer_text(out, export_answer(e, k, code)));
    if (e->codes) {
      WS_TRY(ws_buffer_text(out, ws_text_of(": ")));
      WS_TRY(ws_buffer_text(out, ws_task_class(e->task, k)));
    }
    if (words.size) WS_TRY(ws_buffer_text(out, ws_text_of(": ")));
    WS_TRY(ws_buffer_text(out, words));
  }
  return WS_OK;
}

/* --- forms -------------------------------------------------------------------------- */

static void put_probs(ws_json_writer *json, const double *probs, size_t K) {
  ws_json_key(json, "probs");
  ws_json_open(json, '[');
  for (size_t k = 0; k < K; k++) ws_json_number(json, probs[k]);
  ws_json_close(json, ']');
}

/* Whether the label is one to train on; counts it where it is not. */
static bool is_sure(export_labels *e, int32_t label, const double *probs) {
  bool tied = label == WS_ABSTAIN, unsure = !tied && probs[label] < e->min_confidence;
  e->left_out.tied += tied;
  e->left_out.unsure += unsure;
  return !tied && !unsure;
}

static ws_status put_huggingface(export_labels *e, ws_json_writer *json, ws_text id,
                                 ws_text text, const double *probs, bool *wanted) {
  size_t K = ws_task_classes(e->task);
  int32_t label = ws_probs_argmax(probs, K);
  *wanted = is_sure(e, label, probs);
  if (!*wanted) return WS_OK;
  ws_json_open(json, '{');
  json_put_text(json, "id", id);
  json_put_text(json, "text", text);
  json_put_uint(json, "label", (uint64_t)label);
  json_put_text(json, "label_text", ws_task_class(e->task, (size_t)label));
  put_probs(json, probs, K);
  ws_json_close(json, '}');
  return json->status;
}

static void put_message(ws_json_writer *json, const char *role, ws_text content) {
  ws_json_open(json, '{');
  json_put_string(json, "role", role);
  json_put_text(json, "content", content);
  ws_json_close(json, '}');
}

/* The same draw for an id and a seed, whatever the order of the records. */
static int32_t draw(const export_labels *e, ws_text id, const double *probs) {
  double u = (double)(ws_hash64(id.data, id.size, e->o->seed) >> 11) * 0x1p-53;
  return ws_probs_draw(probs, ws_task_classes(e->task), u);
}

static ws_status put_chat(export_labels *e, ws_json_writer *json, ws_text id,
                          ws_text text, const double *probs, bool *wanted) {
  int32_t label = ws_probs_argmax(probs, ws_task_classes(e->task));
  char code[CODE_SIZE];
  ws_buffer told = {0};
  *wanted = is_sure(e, label, probs);
  if (!*wanted) return WS_OK;
  if (e->sampled) label = draw(e, id, probs);
  ws_status status = export_instructions(e, &told);
  ws_json_open(json, '{');
  ws_json_key(json, "messages");
  ws_json_open(json, '[');
  put_message(json, "system", ws_buffer_as_text(&told));
  put_message(json, "user", text);
  put_message(json, "assistant", export_answer(e, (size_t)label, code));
  ws_json_close(json, ']');
  ws_json_close(json, '}');
  ws_buffer_clear(&told);
  return status == WS_OK ? json->status : status;
}

/* The most probable class but `first`. */
static size_t second_of(const double *probs, size_t K, size_t first) {
  size_t second = first == 0 ? 1 : 0;
  for (size_t k = 0; k < K; k++)
    if (k != first && probs[k] > probs[second]) second = k;
  return second;
}

static ws_status put_prompt(export_labels *e, ws_json_writer *json, ws_text text) {
  ws_buffer prompt = {0};
  ws_status status = export_instructions(e, &prompt);
  if (status == WS_OK) status = ws_buffer_text(&prompt, ws_text_of("\n\n"));
  if (status == WS_OK) status = ws_buffer_text(&prompt, text);
  if (status == WS_OK) json_put_text(json, "prompt", ws_buffer_as_text(&prompt));
  ws_buffer_clear(&prompt);
  return status;
}

static ws_status put_preference(export_labels *e, ws_json_writer *json, ws_text id,
                                ws_text text, const double *probs, bool *wanted) {
  size_t K = ws_task_classes(e->task);
  int32_t label = ws_probs_argmax(probs, K);
  size_t second = label == WS_ABSTAIN ? 0 : second_of(probs, K, (size_t)label);
  char code[CODE_SIZE];
  *wanted = is_sure(e, label, probs);
  if (*wanted && probs[second] < e->runner_up) {
    e->left_out.no_second++;
    *wanted = false;
  }
  if (!*wanted) return WS_OK;
  ws_json_open(json, '{');
  json_put_text(json, "id", id);
  WS_TRY(put_prompt(e, json, text));
  json_put_text(json, "chosen", export_answer(e, (size_t)label, code));
  json_put_text(json, "rejected", export_answer(e, second, code));
  ws_json_close(json, '}');
  return json->status;
}

/* --- records ------------------------------------------------------------------------ */

static ws_status write_record(void *user, size_t i, const ws_record *record,
                              ws_error *err) {
  const writing *w = user;
  export_labels *e = w->e;
  size_t u = ws_votes_row_pattern(e->votes, i);
  bool wanted = true;
  e->line.size = 0;
  ws_json_writer json = {.out = &e->line};
  if (ws_votes_pattern(e->votes, u).size == 0) {
    e->left_out.no_vote++;
    return WS_OK;
  }
  if (w->put(e, &json, record->id, record->text, ws_labels_get(e->labels, u), &wanted) !=
      WS_OK)
    return ws_error_nomem(err);
  if (!wanted) return WS_OK;
  e->written++;
  if (ws_buffer_text(&e->line, ws_text_of("\n")) != WS_OK) return ws_error_nomem(err);
  return ws_output_write(e->output, ws_buffer_as_text(&e->line), err);
}

static ws_status add_reason(ws_buffer *out, uint64_t count, const char *why,
                            const char *option) {
  if (!count) return WS_OK;
  return ws_buffer_printf(out, "%s%llu %s%s", out->size ? ", " : "",
                          (unsigned long long)count, why, option);
}

static ws_status say_left_out(const export_labels *e) {
  const export_left_out *left = &e->left_out;
  uint64_t all = left->no_vote + left->tied + left->unsure + left->no_second;
  char least[80], second[80];
  ws_buffer why = {0};
  if (!all) return WS_OK;
  snprintf(least, sizeof least, "%g (--min-confidence)", e->min_confidence);
  snprintf(second, sizeof second, "%g (--runner-up)", e->runner_up);
  ws_status status = add_reason(&why, left->no_vote, "without votes", "");
  if (status == WS_OK) status = add_reason(&why, left->tied, "whose classes tie", "");
  if (status == WS_OK)
    status = add_reason(&why, left->unsure, "less probable than ", least);
  if (status == WS_OK)
    status = add_reason(&why, left->no_second, "without a second class as probable as ",
                        second);
  if (status == WS_OK)
    say_note(e->o, "%llu records were written, %llu left out: %s",
             (unsigned long long)e->written, (unsigned long long)all, why.data);
  ws_buffer_clear(&why);
  return status;
}

static ws_status write_all(export_labels *e, put_fn put, ws_error *err) {
  writing w = {e, put};
  const options *o = e->o;
  ws_reader_options how = ws_reader_options_default();
  WS_TRY(run_data_find(o->arguments[0], RUN_DATA, o->keys[WS_TASK_DATA], &e->data, err));
  if (!e->data.path.size)
    return ws_error_set(err, WS_EINVAL, "%s: no texts: %s: expected --data FILE",
                        o->arguments[0], e->data.why.data);
  how.need_gold = false;
  if (o->input_format && !ws_input_format_find(ws_text_of(o->input_format), &how.format))
    return ws_error_set(err, WS_EINVAL,
                        "--input-format: expected jsonl, csv, tsv or text, found '%s'",
                        o->input_format);
  WS_TRY(ws_output_open(o->out ? o->out : "-", &e->output, err));
  WS_TRY(run_data_each(&e->data, e->task, e->votes, &how, write_record, &w, err));
  ws_output *output = e->output;
  e->output = NULL;
  WS_TRY(ws_output_commit(output, err));
  return say_left_out(e) == WS_OK ? WS_OK : ws_error_nomem(err);
}

ws_status export_huggingface(export_labels *e, ws_error *err) {
  return write_all(e, put_huggingface, err);
}

ws_status export_chat(export_labels *e, ws_error *err) {
  return write_all(e, put_chat, err);
}

ws_status export_preferences(export_labels *e, ws_error *err) {
  return write_all(e, put_preference, err);
}
