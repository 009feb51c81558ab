/* SPDX-License-Identifier: MIT
 *
 * weaksup inspect: what a classifier is, and the n-grams that speak for each class.
 */
#include <math.h>
#include <stdio.h>
#include <sys/stat.h>

#include <weaksup/alloc.h>
#include <weaksup/export.h>
#include <weaksup/json.h>
#include <weaksup/training.h>

#include "cmd.h"
#include "members.h"
#include "prose.h"
#include "quote.h"
#include "run_folder.h"
#include "say.h"
#include "table.h"

enum { TOP_USUAL = 10 };

typedef struct inspection {
  const options *o;
  ws_task *task;
  ws_classifier *classifier;
  size_t top;
  uint64_t file_size;        // bytes
  ws_strong_feature *strong; // [top]
} inspection;

static const char *loss_name(const ws_classifier *c) {
  return ws_classifier_loss(c) == WS_LOSS_HINGE ? "hinge" : "logistic";
}

/* The size of the classifier's file. */
static ws_status find_size(inspection *in, ws_error *err) {
  const char *path = in->o->arguments[0];
  struct stat about;
  ws_buffer file = {0};
  ws_status status = run_is(path) ? ws_buffer_printf(&file, "%s/" RUN_CLASSIFIER, path)
                                  : ws_buffer_string(&file, path);
  if (status == WS_OK && stat(file.data, &about) == 0)
    in->file_size = (uint64_t)about.st_size;
  ws_buffer_clear(&file);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

/* --- for people --------------------------------------------------------------------- */

static ws_status print_blocks(const inspection *in) {
  const ws_classifier *c = in->classifier;
  for (size_t b = 0; b < ws_classifier_block_count(c); b++) {
    ws_buffer block = {0};
    ws_status status = ws_classifier_block(c, b, &block);
    if (status == WS_OK) {
      printf("features    %zu of ", ws_classifier_block_size(c, b));
      text_print(ws_buffer_as_text(&block));
      printf("\n");
    }
    ws_buffer_clear(&block);
    WS_TRY(status);
  }
  return WS_OK;
}

/* Parses what is no text of ours for sure: WS_EPARSE where it is no JSON object. */
static ws_status read_summary(ws_text summary, ws_buffer *out) {
  static const char padding[WS_JSON_PADDING] = {0};
  ws_json_parser *parser = NULL;
  ws_buffer padded = {0};
  ws_status status = ws_buffer_text(&padded, summary);
  if (status == WS_OK) status = ws_buffer_append(&padded, padding, sizeof padding);
  if (status == WS_OK) status = ws_json_parser_new(&parser);
  if (status == WS_OK)
    status = ws_json_parse(parser, (ws_text){padded.data, summary.size}, out, NULL);
  ws_json_parser_free(parser);
  ws_buffer_clear(&padded);
  return status;
}

#define INDENT "            " // of what stands behind a word on the left

static void print_gate(ws_value gate) {
  bool valid = ws_value_is(gate, WS_OBJECT);
  double bayes = member_number(gate, "agree_bayes", &valid);
  double regression = member_number(gate, "agree_regression", &valid);
  double z = member_number(gate, "median_z", &valid);
  uint64_t hidden = member_count(gate, "hidden", &valid);
  if (!valid) return;
  printf(INDENT);
  prose_print(INDENT,
              "of %llu hidden labels naive Bayes finds %.1f %%, regression %.1f %%; "
              "median z %s",
              (unsigned long long)hidden, 100 * bayes, 100 * regression,
              ws_gate_z_of(z).text);
}

/* False, and nothing printed, where the summary has not the members of ours. */
static bool print_summary(ws_value summary) {
  bool valid = ws_value_is(summary, WS_OBJECT);
  ws_text branch = member_text(summary, "branch", &valid);
  unsigned long long covered = member_count(summary, "covered", &valid);
  unsigned long long uncovered = member_count(summary, "uncovered", &valid);
  unsigned long long gold = member_count(summary, "gold", &valid);
  unsigned long long left_out = member_count(summary, "left_out", &valid);
  double temperature = member_number(summary, "temperature", &valid);
  if (!valid) return false;
  text_print(branch);
  if (!isnan(temperature)) printf("; temperature %.4g", temperature);
  printf("\n" INDENT);
  prose_print(INDENT,
              "records: %llu with votes, %llu without, %llu with gold labels, "
              "%llu left out",
              covered, uncovered, gold, left_out);
  print_gate(ws_value_get(summary, ws_text_of("gate")));
  return true;
}

/* How it was trained; a text that is not ours as it is. */
static ws_status print_training(ws_text summary) {
  ws_buffer value = {0};
  ws_status status = read_summary(summary, &value);
  printf("training    ");
  if (status != WS_OK || !print_summary((ws_value){(const unsigned char *)value.data})) {
    text_print(summary);
    printf("\n");
  }
  ws_buffer_clear(&value);
  return status == WS_ENOMEM ? status : WS_OK;
}

static ws_status print_facts(const inspection *in) {
  const ws_classifier *c = in->classifier;
  ws_text summary = ws_classifier_summary(c);
  printf("classes     %zu\n", ws_classifier_classes(c));
  WS_TRY(print_blocks(in));
  printf("file        %llu bytes\n", (unsigned long long)in->file_size);
  printf("trained on  %llu rows, %s loss, C = %g\n",
         (unsigned long long)ws_classifier_rows(c), loss_name(c), ws_classifier_c(c));
  printf("objective   %.6g after %u iterations%s\n", ws_classifier_objective(c),
         ws_classifier_iterations(c),
         ws_classifier_converged(c) ? "" : ", not converged");
  return summary.size ? print_training(summary) : WS_OK;
}

/* What cannot be seen is shown by its number, \u{feff}. */
static void print_shown(ws_text name) {
  ws_buffer out = {0};
  if (quote_wrapped(&out, name, SIZE_MAX, "") == WS_OK && out.size)
    printf("%.*s", (int)(out.size - 1), out.data); // without the end of the line
  ws_buffer_clear(&out);
}

/* Blanks at the ends would not be seen: '_' stands for them. */
static void print_name(ws_text name) {
  bool before = name.size && name.data[0] == ' ';
  bool behind = name.size > 1 && name.data[name.size - 1] == ' ';
  printf("  %s", before ? "_" : "");
  print_shown((ws_text){name.data + before, name.size - before - behind});
  printf("%s", behind ? "_" : "");
}

static ws_status print_classes(const inspection *in) {
  const ws_classifier *c = in->classifier;
  for (size_t k = 0; k < ws_classifier_classes(c); k++) {
    size_t count;
    WS_TRY(ws_classifier_strongest(c, k, in->top, in->strong, &count));
    printf("\n");
    text_print(ws_classifier_class(c, k)); // names may come from anywhere
    printf("\n");
    for (size_t i = 0; i < count; i++) {
      printf("  %8.3f", in->strong[i].weight);
      print_name(in->strong[i].name);
      printf("\n");
    }
    if (count == 0) printf("  (no feature of it has a name)\n");
  }
  return WS_OK;
}

/* --- as JSON ------------------------------------------------------------------------ */

static ws_status put_blocks(const inspection *in, ws_json_writer *json) {
  const ws_classifier *c = in->classifier;
  ws_json_key(json, "blocks");
  ws_json_open(json, '[');
  for (size_t b = 0; b < ws_classifier_block_count(c); b++) {
    ws_buffer block = {0};
    ws_status status = ws_classifier_block(c, b, &block);
    ws_json_open(json, '{');
    ws_json_key(json, "block");
    ws_json_text(json, ws_buffer_as_text(&block));
    json_put_uint(json, "features", ws_classifier_block_size(c, b));
    ws_json_close(json, '}');
    ws_buffer_clear(&block);
    WS_TRY(status);
  }
  ws_json_close(json, ']');
  return WS_OK;
}

static void put_strong(const inspection *in, size_t count, ws_json_writer *json) {
  ws_json_open(json, '[');
  for (size_t i = 0; i < count; i++) {
    ws_json_open(json, '{');
    ws_json_key(json, "feature");
    ws_json_text(json, in->strong[i].name);
    json_put_uint(json, "block", in->strong[i].block);
    ws_json_key(json, "weight");
    ws_json_number(json, in->strong[i].weight);
    ws_json_close(json, '}');
  }
  ws_json_close(json, ']');
}

static ws_status put_classes(const inspection *in, ws_json_writer *json) {
  const ws_classifier *c = in->classifier;
  ws_json_key(json, "strongest");
  ws_json_open(json, '{');
  for (size_t k = 0; k < ws_classifier_classes(c); k++) {
    size_t count;
    WS_TRY(ws_classifier_strongest(c, k, in->top, in->strong, &count));
    ws_json_key_text(json, ws_classifier_class(c, k));
    put_strong(in, count, json);
  }
  ws_json_close(json, '}');
  return WS_OK;
}

/* The summary is a JSON object already; what is none is a text. */
static ws_status put_summary(const ws_classifier *c, ws_json_writer *json) {
  ws_text summary = ws_classifier_summary(c);
  ws_buffer value = {0};
  ws_json_key(json, "training");
  ws_status status = summary.size ? read_summary(summary, &value) : WS_OK;
  if (summary.size == 0)
    ws_json_null(json);
  else if (status == WS_OK)
    ws_json_value(json, (ws_value){(const unsigned char *)value.data});
  else
    ws_json_text(json, summary);
  ws_buffer_clear(&value);
  return status == WS_ENOMEM ? status : WS_OK;
}

static ws_status put_all(const inspection *in, ws_json_writer *json) {
  const ws_classifier *c = in->classifier;
  ws_json_open(json, '{');
  WS_TRY(put_blocks(in, json));
  json_put_uint(json, "features", ws_classifier_active(c));
  json_put_uint(json, "bytes", in->file_size);
  json_put_uint(json, "rows", ws_classifier_rows(c));
  ws_json_key(json, "loss");
  ws_json_string(json, loss_name(c));
  ws_json_key(json, "c");
  ws_json_number(json, ws_classifier_c(c));
  ws_json_key(json, "objective");
  ws_json_number(json, ws_classifier_objective(c));
  json_put_uint(json, "iterations", ws_classifier_iterations(c));
  ws_json_key(json, "converged");
  ws_json_bool(json, ws_classifier_converged(c));
  WS_TRY(put_summary(c, json));
  WS_TRY(put_classes(in, json));
  ws_json_close(json, '}');
  return json->status;
}

static ws_status print_json(const inspection *in) {
  ws_buffer out = {0};
  ws_json_writer json = {.out = &out, .indent = 2};
  ws_status status = put_all(in, &json);
  if (status == WS_OK) printf("%.*s\n", (int)out.size, out.data);
  ws_buffer_clear(&out);
  return status;
}

/* --- the command -------------------------------------------------------------------- */

static ws_status run_steps(inspection *in, ws_error *err) {
  WS_TRY(run_or_model(in->o->arguments[0], &in->task, &in->classifier, err));
  WS_TRY(find_size(in, err));
  in->strong = ws_alloc_array(in->top, sizeof *in->strong);
  if (!in->strong) return ws_error_nomem(err);
  ws_status status = in->o->json ? print_json(in) : print_facts(in);
  if (status == WS_OK && !in->o->json) status = print_classes(in);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  inspection in = {.o = o, .top = o->top ? (size_t)o->top : TOP_USUAL};
  if (in.top > 100000) {
    say_usage(self, "--top: expected at most 100000, found %llu",
              (unsigned long long)o->top);
    return EXIT_USAGE;
  }
  ws_status status = run_steps(&in, &err);
  ws_free(in.strong);
  ws_classifier_free(in.classifier);
  ws_task_free(in.task);
  return status == WS_OK ? EXIT_DONE : say_failure(&err);
}

const command cmd_inspect = {
    .name = "inspect",
    .arguments = "RUN|MODEL",
    .summary = "what a classifier has learnt",
    .details =
        "Shows the classifier of the run in the folder RUN, or of the file MODEL\n"
        "(classifier.wsc): its features, its training, and the n-grams that speak for\n"
        "each class most, with their weight (the mean of the classes being 0) times "
        "idf.\n"
        "A blank at the end of a stretch of characters is shown as '_'.\n",
    .examples = "weaksup inspect run --top 20\n",
    .takes = (const char *const[]){"top", "json", NULL},
    .least = 1,
    .most = 1,
    .run = run,
};
