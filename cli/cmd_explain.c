/* SPDX-License-Identifier: MIT
 *
 * weaksup explain: why a record of a run has its label, term by term.
 */
#include <math.h>
#include <stdio.h>

#include <weaksup/alloc.h>
#include <weaksup/explain.h>
#include <weaksup/lf_report.h>

#include "members.h"
#include "part.h"
#include "run_folder.h"
#include "say.h"
#include "table.h"

typedef struct explain {
  const options *o;
  setup setup;
  bar bar;
  ws_task *task; // with --votes
  part part;     // the votes: those of --votes, else the run's
  const ws_votes *votes;
  ws_label_model *model;
  ws_explanation *why;
  size_t row;
} explain;

static ws_status find_record(explain *x, ws_error *err) {
  char digits[24];
  ws_text id = ws_text_of(x->o->record_id);
  const char *source = x->o->votes ? input_name(x->o->votes) : x->o->arguments[0];
  size_t rows = ws_votes_rows(x->votes);
  for (x->row = 0; x->row < rows; x->row++)
    if (ws_text_equal(ws_votes_row_id(x->votes, x->row, digits), id)) return WS_OK;
  if (rows == 0) return ws_error_set(err, WS_EINVAL, "%s: no records", source);
  return ws_error_set(
      err, WS_EINVAL, "%s: no record has the id '%s' (the first of %zu is '%.*s')",
      source, x->o->record_id, rows, WS_TEXT_ARG(ws_votes_row_id(x->votes, 0, digits)));
}

static ws_status import_votes(explain *x, ws_error *err) {
  WS_TRY(run_task(x->o->arguments[0], &x->task, err));
  if (x->o->keys[WS_TASK_GOLD])
    WS_TRY(ws_task_set(x->task, WS_TASK_GOLD, ws_text_of(x->o->keys[WS_TASK_GOLD]), err));
  return part_import(&x->part, &x->setup, x->task, x->o->votes, false, err);
}

static ws_status own_votes(explain *x, ws_error *err) {
  const char *run = x->o->arguments[0];
  WS_TRY(run_check(run, err));
  ws_status status = run_votes(run, &x->part.votes, err);
  if (status == WS_OK || run_has(run, RUN_VOTES)) return status;
  ws_error why = *err;
  return ws_error_set(err, status, "%s (--votes FILE explains a record of a votes file)",
                      why.message);
}

static ws_status run_steps(explain *x, ws_error *err) {
  WS_TRY(x->o->votes ? import_votes(x, err) : own_votes(x, err));
  x->votes = x->part.votes;
  WS_TRY(run_label_model(x->o->arguments[0], &x->model, err));
  WS_TRY(find_record(x, err));
  ws_status status = ws_explain(x->model, x->votes,
                                ws_votes_row_pattern(x->votes, x->row), &x->why, err);
  if (status == WS_EINVAL && x->o->votes)
    ws_error_prefix(err, "%s: ", input_name(x->o->votes));
  return status;
}

static ws_text class_of(const explain *x, size_t k) {
  return ws_votes_class(x->votes, k);
}

/* --- the parameters of a vote ------------------------------------------------------- */

static bool find_parameters(const explain *x, const ws_term *term,
                            ws_lf_parameters *out) {
  for (size_t j = 0; j < ws_label_model_lfs(x->model); j++)
    if (ws_text_equal(ws_label_model_lf(x->model, j), term->lf))
      return ws_label_model_parameters(x->model, j, (size_t)term->label, out);
  return false;
}

/* --- JSON --------------------------------------------------------------------------- */

static void put_class(ws_json_writer *json, const char *key, const explain *x,
                      int32_t label) {
  ws_json_key(json, key);
  if (label == WS_ABSTAIN)
    ws_json_null(json);
  else
    ws_json_text(json, class_of(x, (size_t)label));
}

static void put_shares(ws_json_writer *json, const char *key, const explain *x,
                       const double *numbers) {
  ws_json_key(json, key);
  ws_json_open(json, '{');
  for (size_t k = 0; k < ws_votes_classes(x->votes); k++) {
    ws_json_key_text(json, class_of(x, k));
    ws_json_number(json, numbers[k]);
  }
  ws_json_close(json, '}');
}

static void put_term(ws_json_writer *json, const explain *x, size_t i) {
  const ws_term *term = ws_explanation_term(x->why, i);
  ws_lf_parameters p;
  ws_json_open(json, '{');
  json_put_string(json, "term", ws_term_kind_name(term->kind));
  ws_json_key(json, "lf");
  if (term->lf.size)
    ws_json_text(json, term->lf);
  else
    ws_json_null(json);
  put_class(json, "vote", x, term->label);
  json_put_number(json, "parameter", term->parameter);
  bool known = term->kind == WS_TERM_VOTE && find_parameters(x, term, &p);
  json_put_number(json, "lift", known ? p.lift : (double)NAN);
  json_put_number(json, "effective_votes", known ? p.omega : (double)NAN);
  json_put_number(json, "margin", ws_explanation_margin(x->why, i));
  put_shares(json, "adds", x, term->adds);
  ws_json_close(json, '}');
}

static void put_posterior(ws_json_writer *json, const explain *x, int32_t label) {
  put_class(json, "label", x, label);
  put_class(json, "gold", x, ws_votes_row_gold(x->votes, x->row));
  put_shares(json, "probs", x, ws_explanation_probs(x->why));
  put_class(json, "first", x, (int32_t)ws_explanation_first(x->why));
  put_class(json, "second", x, (int32_t)ws_explanation_second(x->why));
  json_put_string(json, "unit", ws_explanation_is_log(x->why) ? "log-odds" : "share");
}

static int print_json(const explain *x, int32_t label) {
  char digits[24];
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes, .indent = 1};
  ws_json_open(&json, '{');
  json_put_text(&json, "id", ws_votes_row_id(x->votes, x->row, digits));
  json_put_string(&json, "label_model", ws_label_model_kind(x->model));
  put_posterior(&json, x, label);
  ws_json_key(&json, "terms");
  ws_json_open(&json, '[');
  for (size_t i = 0; i < ws_explanation_terms(x->why); i++) put_term(&json, x, i);
  ws_json_close(&json, ']');
  ws_json_close(&json, '}');
  return json_print(&json);
}

/* --- the table ---------------------------------------------------------------------- */

static void print_head(const explain *x, int32_t label) {
  const double *probs = ws_explanation_probs(x->why);
  size_t first = ws_explanation_first(x->why), second = ws_explanation_second(x->why);
  int32_t gold = ws_votes_row_gold(x->votes, x->row);
  char digits[24];
  printf("record ");
  text_print(ws_votes_row_id(x->votes, x->row, digits));
  printf(": ");
  text_print(label == WS_ABSTAIN ? ws_text_of("no label") : class_of(x, (size_t)label));
  if (ws_votes_pattern(x->votes, ws_votes_row_pattern(x->votes, x->row)).size == 0)
    printf(", as no labeling function votes");
  printf("; ");
  text_print(class_of(x, first));
  printf(" %.6f, ", probs[first]);
  text_print(class_of(x, second));
  printf(" %.6f", probs[second]);
  if (gold != WS_ABSTAIN) {
    printf("; gold: ");
    text_print(class_of(x, (size_t)gold));
  }
  printf("\nlabel model: %s\n\n", ws_label_model_kind(x->model));
}

/* Where the class balance comes from. */
static const char *balance_source(const explain *x) {
  if (ws_label_model_balance(x->model)) return "known";
  bool lift = ws_text_equals(ws_text_of("lift"), ws_label_model_kind(x->model));
  bool counts = !ws_explanation_is_log(x->why);
  return lift || counts ? "uniform" : "learned";
}

static void name_cells(const explain *x, table *t, const ws_term *term) {
  ws_lf_parameters p;
  switch (term->kind) {
  case WS_TERM_PRIOR:
    table_cell(t, "class balance");
    table_cell(t, "%s", balance_source(x));
    break;
  case WS_TERM_SCALE:
    table_cell(t, "tempering: scale");
    table_cell(t, "x %.4f", term->parameter);
    break;
  case WS_TERM_FLOOR:
    table_cell(t, "tempering: floor");
    table_cell(t, "%.4f", term->parameter);
    break;
  default:
    table_cell(t, "%.*s", WS_TEXT_ARG(term->lf));
    if (term->label == WS_ABSTAIN)
      table_cell(t, "abstains");
    else if (find_parameters(x, term, &p) && !isnan(p.lift) && p.omega < 1)
      table_cell(t, "%.*s, counts %.2f", WS_TEXT_ARG(class_of(x, (size_t)term->label)),
                 p.omega);
    else
      table_cell(t, "%.*s", WS_TEXT_ARG(class_of(x, (size_t)term->label)));
  }
}

static void number_cells(const explain *x, table *t, double margin) {
  table_cell(t, "%+.6f", margin);
  if (ws_explanation_is_log(x->why)) table_cell(t, "x %.4g", exp(margin));
}

static void head_cells(const explain *x, table *t) {
  bool log_odds = ws_explanation_is_log(x->why);
  table_cell(t, "term");
  table_cell(t, "vote");
  table_cell(t, "%s, %.*s against %.*s", log_odds ? "log-odds" : "share",
             WS_TEXT_ARG(class_of(x, ws_explanation_first(x->why))),
             WS_TEXT_ARG(class_of(x, ws_explanation_second(x->why))));
  if (log_odds) table_cell(t, "odds");
}

static bool is_last_silence(const explain *x, size_t i) {
  return i + 1 == ws_explanation_terms(x->why) ||
         ws_explanation_term(x->why, i + 1)->kind != WS_TERM_SILENCE;
}

/* Terms in their order; those of LFs that abstain are one row. */
static void print_terms(const explain *x) {
  static const bool right[] = {false, false, true, true};
  size_t silent = 0;
  double sum = 0, silence = 0;
  static const unsigned char give_up[] = {0, 0, 0, 1};
  table t = {.columns = ws_explanation_is_log(x->why) ? 4 : 3,
             .right = right,
             .give_up = give_up};
  head_cells(x, &t);
  size_t count = ws_explanation_terms(x->why);
  for (size_t i = 0; i < count; i++) {
    const ws_term *term = ws_explanation_term(x->why, i);
    double margin = ws_explanation_margin(x->why, i);
    sum += margin;
    if (term->kind == WS_TERM_SILENCE) {
      silent++;
      silence += margin;
      if (!is_last_silence(x, i)) continue;
      table_cell(&t, "%zu abstain", silent);
      table_cell(&t, "-");
      number_cells(x, &t, silence);
      continue;
    }
    name_cells(x, &t, term);
    number_cells(x, &t, margin);
  }
  table_cell(&t, "sum");
  table_cell(&t, "-");
  number_cells(x, &t, sum);
  table_print(&t);
}

static int print(const explain *x) {
  size_t u = ws_votes_row_pattern(x->votes, x->row);
  int32_t label =
      ws_votes_pattern(x->votes, u).size == 0
          ? WS_ABSTAIN
          : ws_probs_argmax(ws_explanation_probs(x->why), ws_votes_classes(x->votes));
  if (x->o->json) return print_json(x, label);
  print_head(x, label);
  print_terms(x);
  return EXIT_DONE;
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  explain x = {.o = o, .bar = bar_new(o)};
  if (!o->record_id) {
    say_usage(self, "expected --id ID, the record to explain");
    return EXIT_USAGE;
  }
  if (!setup_init(&x.setup, self, o, &x.bar)) return EXIT_USAGE;
  ws_status status = run_steps(&x, &err);
  bar_clear(&x.bar);
  int code = status == WS_OK ? print(&x) : say_failure(&err);
  ws_explanation_free(x.why);
  ws_label_model_free(x.model);
  part_clear(&x.part);
  ws_task_free(x.task);
  setup_clear(&x.setup);
  return code;
}

const command cmd_explain = {
    .name = "explain",
    .arguments = "RUN",
    .summary = "why a record has its label",
    .details =
        "Shows what the class balance, each vote and the tempering add to the label of\n"
        "the record --id, as log-odds of the most probable class against the next one.\n"
        "The terms add up to the posterior that stands in labels.jsonl. Of mv and\n"
        "weighted-mv, which count votes, the shares of the votes. The record is one of "
        "the\n"
        "run, or with --votes one of that file.\n",
    .examples = "weaksup explain run --id c42\n",
    .takes = (const char *const[]){"explain:id", "votes", "votes-format", "input-format",
                                   "on-error", "max-line", "gold", "json", "quiet",
                                   "verbose", NULL},
    .least = 1,
    .most = 1,
    .run = run,
};
