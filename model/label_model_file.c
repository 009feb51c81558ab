/* SPDX-License-Identifier: MIT
 *
 * Writing label_model.json: everything that prediction needs and everything that is
 * reported, in a form that people read. Numbers have the digits that bring back the same
 * double, so a model that was loaded predicts bit for bit like the one that was fitted.
 *
 *   format         "weaksup label model"
 *   version        1
 *   kind           "lift", "hds", "mv", "weighted-mv", "dawid-skene", "one-coin", "ebcc"
 *   why            a sentence: why "auto" took this kind; null: the user chose
 *   note           a sentence: what the votes could not tell; null: nothing
 *   classes        [names], in the order of their indexes
 *   class_balance  [numbers], one a class, or null: unknown
 *   class_balance_in_em  whether the fit used it too, not only the prediction
 *   gold_rows      records with gold that went into the fit; 0: none
 *   records        how many the fit saw; of them
 *   covered          with at least one vote
 *   patterns       how many different vote patterns they had
 *   iterations     of EM; 0 for mv
 *   converged      whether it stopped by itself
 *   scale, rho, eps  of the tempering P = (1 - eps) softmax(t log raw) + eps / K,
 *                  t = scale / (1 + rho (votes - 1)); 1, 0, 0: none. scale is 1 without
 *                  gold, and in files that do not have it
 *   mean_max       mean over the records of the largest posterior probability, or null
 *   mean_max_raw   the same before tempering
 *   and for hds, dawid-skene, one-coin and ebcc, whose states are the classes, or their
 *   subtypes, those of a class side by side:
 *     subtypes     of each class: 3 for ebcc, else 1
 *     weights      [numbers], P(state); for ebcc, here and below, exp(E log P)
 *   lfs            [objects], in the order of the votes:
 *     name
 *     votes        how often it voted
 *     accuracy     mean posterior, before tempering, of what it voted for; null: no vote
 *     prior        its accuracy as the user had it; absent: none was given
 *     silent       [numbers], P(it abstains | state); dawid-skene only
 *     classes      [objects], only the classes that it voted for, ascending:
 *       class      name
 *       votes      how often it voted for it
 *       accuracy   the same as above over these votes
 *       gold_votes, gold_right  votes on the records with gold, and how many were right;
 *                  absent without gold_rows
 *       rates      [numbers], P(this vote | state), for the kinds that have states
 *       and for lift:
 *       h          P(this vote | the class is this one)
 *       f          P(this vote | the class is another)
 *       lift       h / f
 *       omega      what a vote counts, 1 for an LF that no other nearly repeats
 *       clamped    "low" where lift is held at its least, "high" at its greatest, or null
 *   checksum       of all that stands before (json.h)
 */
#include "json_put.h"

#include "label_model_priv.h"

static void write_sentence(ws_json_writer *json, const char *key, ws_text sentence) {
  ws_json_key(json, key);
  if (sentence.size)
    ws_json_text(json, sentence);
  else
    ws_json_null(json);
}

/* One number for each state, on one line: there may be millions. */
static void write_states(ws_json_writer *json, const ws_label_model *model,
                         const char *key, const double *numbers) {
  int indent = json->indent;
  ws_json_key(json, key);
  json->indent = 0;
  ws_json_open(json, '[');
  for (size_t s = 0; s < model->confusion.S; s++) ws_json_number(json, numbers[s]);
  ws_json_close(json, ']');
  json->indent = indent;
}

static void write_classes(ws_json_writer *json, const ws_label_model *model) {
  ws_json_key(json, "classes");
  ws_json_open(json, '[');
  for (size_t k = 0; k < model->K; k++) ws_json_text(json, model->classes[k]);
  ws_json_close(json, ']');
}

static void write_balance(ws_json_writer *json, const ws_label_model *model) {
  ws_json_key(json, "class_balance");
  if (!model->balance) {
    ws_json_null(json);
    return;
  }
  ws_json_open(json, '[');
  for (size_t k = 0; k < model->K; k++) ws_json_number(json, model->balance[k]);
  ws_json_close(json, ']');
}

static const char *clamp_name(ws__clamp clamp) {
  return clamp == WS_CLAMP_NONE ? NULL : clamp == WS_CLAMP_LOW ? "low" : "high";
}

static void write_column(ws_json_writer *json, const ws_label_model *model,
                         const ws__column *column) {
  ws_json_open(json, '{');
  ws_json_key(json, "class");
  ws_json_text(json, model->classes[column->label]);
  ws__put_uint(json, "votes", column->votes);
  ws__put_number(json, "accuracy", column->accuracy);
  if (model->gold_rows) {
    ws__put_uint(json, "gold_votes", column->gold_votes);
    ws__put_uint(json, "gold_right", column->gold_right);
  }
  if (model->confusion.G)
    write_states(json, model, "rates",
                 model->confusion.rates +
                     (size_t)(column - model->columns) * model->confusion.S);
  if (model->type->rates) {
    ws__put_number(json, "h", column->h);
    ws__put_number(json, "f", column->f);
    ws__put_number(json, "lift", column->h / column->f);
    ws__put_number(json, "omega", column->omega);
    ws__put_string(json, "clamped", clamp_name(column->clamp));
  }
  ws_json_close(json, '}');
}

static void write_lf(ws_json_writer *json, const ws_label_model *model, size_t j) {
  uint64_t votes = 0;
  for (size_t c = model->lf_begin[j]; c < model->lf_begin[j + 1]; c++)
    votes += model->columns[c].votes;
  ws_json_open(json, '{');
  ws_json_key(json, "name");
  ws_json_text(json, model->lfs[j]);
  ws__put_uint(json, "votes", votes);
  ws__put_number(json, "accuracy", ws_label_model_accuracy(model, j));
  double prior = ws_label_model_prior(model, j);
  if (prior > 0) ws__put_number(json, "prior", prior);
  if (model->confusion.silent)
    write_states(json, model, "silent", model->confusion.silent + j * model->confusion.S);
  ws_json_key(json, "classes");
  ws_json_open(json, '[');
  for (size_t c = model->lf_begin[j]; c < model->lf_begin[j + 1]; c++)
    write_column(json, model, &model->columns[c]);
  ws_json_close(json, ']');
  ws_json_close(json, '}');
}

/* Appends the bytes; an empty buffer gets them as they are, as they may be many. */
static ws_status hand_over(ws_buffer *bytes, ws_status status, ws_buffer *out,
                           ws_error *err) {
  if (status == WS_OK && out->size == 0) {
    ws_buffer_clear(out);
    *out = *bytes;
    return WS_OK;
  }
  if (status == WS_OK) status = ws_buffer_text(out, ws_buffer_as_text(bytes));
  if (status != WS_OK) ws_error_nomem(err);
  ws_buffer_clear(bytes);
  return status;
}

ws_status ws_label_model_encode(const ws_label_model *model, ws_buffer *out,
                                ws_error *err) {
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes, .indent = 1};
  ws_json_open(&json, '{');
  ws__put_string(&json, "format", WS_LABEL_MODEL_FORMAT);
  ws__put_uint(&json, "version", WS_LABEL_MODEL_VERSION);
  ws__put_string(&json, "kind", model->type->name);
  write_sentence(&json, "why", model->why);
  write_sentence(&json, "note", model->note);
  write_classes(&json, model);
  write_balance(&json, model);
  ws_json_key(&json, "class_balance_in_em");
  ws_json_bool(&json, model->balance_in_em);
  ws__put_uint(&json, "gold_rows", model->gold_rows);
  ws__put_uint(&json, "records", model->records);
  ws__put_uint(&json, "covered", model->covered);
  ws__put_uint(&json, "patterns", model->patterns);
  ws__put_uint(&json, "iterations", model->iterations);
  ws_json_key(&json, "converged");
  ws_json_bool(&json, model->converged);
  ws__put_number(&json, "scale", model->scale);
  ws__put_number(&json, "rho", model->rho);
  ws__put_number(&json, "eps", model->eps);
  ws__put_number(&json, "mean_max", model->mean_max);
  ws__put_number(&json, "mean_max_raw", model->mean_max_raw);
  if (model->confusion.G) {
    ws__put_uint(&json, "subtypes", model->confusion.G);
    write_states(&json, model, "weights", model->confusion.weights);
  }
  ws_json_key(&json, "lfs");
  ws_json_open(&json, '[');
  for (size_t j = 0; j < model->M; j++) write_lf(&json, model, j);
  ws_json_close(&json, ']');
  ws_json_seal(&json);
  return hand_over(&bytes, json.status, out, err);
}
