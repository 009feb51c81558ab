/* SPDX-License-Identifier: MIT
 *
 * weaksup init: a folder with a task for data that it looks at, ready to be fitted.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <weaksup/alloc.h>

#include "cmd.h"
#include "init.h"
#include "members.h"
#include "prose.h"
#include "say.h"
#include "step.h"
#include "table.h"

enum { FIXED_FILES = 4 };

/* --- writing --- */

static ws_status fill(init *in, const char *folder, ws_buffer *bytes, ws_error *err) {
  WS_TRY(init_put_task(in, folder, &bytes[0], err));
  ws_status status = init_put_rules(in, &bytes[1]);
  if (status == WS_OK) status = init_put_lua(in, &bytes[2]);
  if (status == WS_OK) status = init_put_readme(in, &bytes[3]);
  for (size_t k = 0; k < init_lf_classes(in) && status == WS_OK; k++)
    status = init_put_list(in, &in->classes[k], &bytes[FIXED_FILES + k]);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

static ws_status name_files(init *in, ws_new_file *files, ws_buffer *names) {
  static const char *const fixed[FIXED_FILES] = {"weaksup.lua", "lfs/first.rules",
                                                 "lfs/first.lua", "README.md"};
  for (size_t i = 0; i < FIXED_FILES; i++) files[i].name = fixed[i];
  for (size_t k = 0; k < init_lf_classes(in); k++) {
    WS_TRY(ws_buffer_printf(&names[k], "lfs/words_%s.txt", in->classes[k].lf.data));
    files[FIXED_FILES + k].name = names[k].data;
  }
  return WS_OK;
}

ws_status init_write(init *in, const char *folder, ws_error *err) {
  size_t lists = init_lf_classes(in), count = FIXED_FILES + lists + in->own_dev;
  ws_buffer *bytes = ws_alloc_zero(count + lists, sizeof *bytes);
  ws_new_file *files = ws_alloc_zero(count, sizeof *files);
  ws_status status = bytes && files ? WS_OK : ws_error_nomem(err);
  if (status == WS_OK) status = fill(in, folder, bytes, err);
  if (status == WS_OK && name_files(in, files, bytes + count) != WS_OK)
    status = ws_error_nomem(err);
  for (size_t i = 0; i < count && status == WS_OK; i++)
    files[i].bytes = ws_buffer_as_text(&bytes[i]);
  if (in->own_dev && status == WS_OK)
    files[count - 1] = (ws_new_file){INIT_DEV, ws_buffer_as_text(&in->gold_lines)};
  if (status == WS_OK) status = ws_folder_new(folder, files, count, err);
  for (size_t i = 0; bytes && i < count + lists; i++) ws_buffer_clear(&bytes[i]);
  ws_free(bytes);
  ws_free(files);
  return status;
}

/* --- what was found --- */

static void print_field(const char *what, const char *name) {
  if (!name) return;
  printf(", %s ", what);
  text_print(ws_text_of(name));
}

static void print_class(init *in, size_t k) {
  const init_class *class = &in->classes[k];
  printf("%s", k ? ", " : "");
  text_print(class->name);
  if (in->gold_records) printf(" (%llu)", (unsigned long long)class->gold);
}

/* What the words are worth, as what comes next depends on it. */
static void print_words(init *in) {
  if (in->words_by_gold)
    prose_print("  ",
                "words: chosen by the gold labels of the field '%s'; scores on those "
                "records flatter them",
                init_clean(in, ws_text_of(in->gold)));
  else
    prose_print("  ",
                "words: placeholders, dealt out blindly %s; to be replaced before labels "
                "mean anything",
                in->word_gold >= INIT_FEW_GOLD
                    ? "as none stand out in every class beyond doubt"
                : in->gold_records ? "for want of enough gold labels"
                                   : "for want of gold labels");
}

/* Where the labels are that the classes count: mostly not in the data alone. */
static void print_gold(const init *in) {
  bool alone = in->test && !in->test_is_data && !in->test_is_dev;
  const struct {
    const char *where;
    uint64_t count;
  } parts[] = {{"of the data", in->data_gold},
               {"of dev", in->dev && !in->dev_is_data ? in->dev_gold : 0},
               {"of test", alone ? in->test_gold : 0}};
  const char *before = "  gold labels: ";
  if (in->gold_records == in->data_gold) return;
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    if (!parts[i].count) continue;
    printf("%s%llu %s", before, (unsigned long long)parts[i].count, parts[i].where);
    before = ", ";
  }
  printf("\n");
}

static void print_classes(init *in) {
  enum { SHOWN = 30 };
  printf("\nclasses: ");
  for (size_t k = 0; k < in->class_count && k < SHOWN; k++) print_class(in, k);
  if (in->class_count > SHOWN) printf(" and %zu more", in->class_count - SHOWN);
  printf("\n");
  print_gold(in);
  if (in->classes_made_up)
    prose_print("  ", "  named so for want of others: --classes A,B names them");
}

/* A path in the folder, in the arena; NULL where there is no memory. */
static const char *path_in(init *in, const char *folder, const char *name) {
  ws_buffer path = {0};
  size_t size = strlen(folder);
  while (size > 1 && folder[size - 1] == '/') size--;
  bool fine = ws_buffer_printf(&path, "%.*s/%s", (int)size, folder, name) == WS_OK;
  const char *out = fine ? init_copy(in, ws_buffer_as_text(&path)) : NULL;
  ws_buffer_clear(&path);
  return out;
}

/* Where labels are enough to train on alone, without rules; NULL: nowhere. */
static const char *labels_to_train(init *in, const char *folder, uint64_t *count) {
  bool dev = in->own_dev || in->dev;
  *count = in->own_dev ? in->lines : dev ? in->dev_gold : in->data_gold;
  if (*count < INIT_FEW_GOLD) return NULL;
  return in->own_dev ? path_in(in, folder, INIT_DEV) : dev ? in->dev : in->data;
}

/* What weak supervision is to be held against. */
static void print_train(init *in, const char *folder) {
  uint64_t count;
  const char *labels = labels_to_train(in, folder, &count);
  if (!labels) return;
  step s = step_to(&cmd_train);
  step_option(&s, "labels", labels);
  step_option(&s, "task", path_in(in, folder, "weaksup.lua"));
  step_option(&s, "out", path_in(in, folder, "trained"));
  if (!s.useless)
    printf("%llu gold labels: a classifier by them alone is the thing to compare with:\n"
           "  %s\n",
           (unsigned long long)count, s.line.data);
  ws_buffer_clear(&s.line);
}

static void print_next(init *in, const char *folder) {
  const char *lfs = path_in(in, folder, "lfs");
  step s = step_to(&cmd_fit);
  if (lfs) step_argument(&s, lfs);
  step_option(&s, "out", path_in(in, folder, "run"));
  step_print_line(&s, "next: ");
}

static void print_dev(const init *in) {
  if (!in->own_dev) return;
  printf("dev: ");
  if (in->lines < in->data_gold) printf("%llu of ", (unsigned long long)in->lines);
  printf("the %llu records with gold labels, copied into " INIT_DEV "\n",
         (unsigned long long)in->data_gold);
}

static void print_found(init *in, const char *folder) {
  printf("data: ");
  text_print(ws_text_of(in->data));
  printf(", %llu records; text ", (unsigned long long)in->records);
  text_print(ws_text_of(in->text));
  print_field("id", in->id);
  print_field("gold label", in->gold);
  print_classes(in);
  print_dev(in);
  print_words(in);
  printf("written: ");
  text_print(ws_text_of(folder));
  printf(", with labeling functions in lfs/, and README.md, which says how to go on\n");
  print_train(in, folder);
  print_next(in, folder);
}

static void put_field(ws_json_writer *json, const char *key, const char *name) {
  ws_json_key(json, key);
  ws_json_string(json, name);
}

static int print_json(init *in, const char *folder) {
  ws_buffer out = {0};
  ws_json_writer json = {.out = &out};
  ws_json_open(&json, '{');
  put_field(&json, "folder", folder);
  put_field(&json, "data", in->data);
  json_put_uint(&json, "records", in->records);
  put_field(&json, "text", in->text);
  put_field(&json, "id", in->id);
  put_field(&json, "gold", in->gold);
  put_field(&json, "dev", in->own_dev ? INIT_DEV : in->dev);
  ws_json_key(&json, "classes");
  ws_json_open(&json, '[');
  for (size_t k = 0; k < in->class_count; k++) {
    ws_json_open(&json, '{');
    json_put_text(&json, "name", in->classes[k].name);
    json_put_uint(&json, "gold", in->classes[k].gold);
    ws_json_close(&json, '}');
  }
  ws_json_close(&json, ']');
  json_put_bool(&json, "placeholders", !in->words_by_gold);
  ws_json_close(&json, '}');
  return json_print(&json);
}

/* --- the command --- */

static ws_status find_data(init *in, ws_error *err) {
  const options *o = in->o;
  in->data = o->keys[WS_TASK_DATA];
  in->dev = o->keys[WS_TASK_DEV] && *o->keys[WS_TASK_DEV] ? o->keys[WS_TASK_DEV] : NULL;
  in->test =
      o->keys[WS_TASK_TEST] && *o->keys[WS_TASK_TEST] ? o->keys[WS_TASK_TEST] : NULL;
  while (!in->data || !*in->data) {
    WS_TRY(init_ask(in, "File of the records (JSON Lines, CSV, TSV, text; also .gz)", "",
                    &in->data, err));
    if (!*in->data || access(in->data, R_OK) == 0) continue;
    fprintf(stderr, "there is no file '%s' that can be read\n",
            init_clean(in, ws_text_of(in->data)));
    in->data = NULL;
  }
  return WS_OK;
}

static ws_status run_steps(init *in, ws_error *err) {
  const char *folder = in->o->arguments[0];
  WS_TRY(ws_folder_check_new(folder, err));
  WS_TRY(find_data(in, err));
  WS_TRY(init_sample(in, err));
  init_find_same(in);
  WS_TRY(init_choose_fields(in, err));
  WS_TRY(init_read(in, err));
  WS_TRY(init_keep(in, err));
  WS_TRY(init_choose_classes(in, err));
  WS_TRY(init_choose_dev(in, err));
  WS_TRY(init_choose_words(in, err));
  return init_write(in, folder, err);
}

static void clear(init *in) {
  ws_field_survey_free(in->survey);
  ws_field_survey_free(in->dev_survey);
  ws_field_survey_free(in->test_survey);
  ws_records_free(in->sample);
  ws_records_free(in->dev_sample);
  ws_records_free(in->test_sample);
  ws_records_free(in->kept);
  ws_value_counts_free(in->labels);
  ws_telling_words_free(in->telling);
  ws_task_free(in->reading);
  ws_task_free(in->task);
  ws_free(in->kept_labels);
  ws_free(in->classes);
  ws_free(in->class_of);
  ws_buffer_clear(&in->gold_lines);
  ws_arena_clear(&in->arena);
}

static int run(const command *self, const options *o) {
  bar b = bar_new(o);
  ws_error err = WS_ERROR_INIT;
  init in = {.o = o, .bar = &b, .asks = isatty(0) && isatty(2) && !o->quiet && !o->json};
  if (!in.asks && (!o->keys[WS_TASK_DATA] || !*o->keys[WS_TASK_DATA])) {
    say_usage(self, "expected --data FILE: nothing is asked without a terminal, nor with "
                    "-q or --json");
    return EXIT_USAGE;
  }
  ws_status status = run_steps(&in, &err);
  bar_clear(&b);
  int code = EXIT_DONE;
  if (status != WS_OK)
    code = say_failure(&err);
  else if (o->json)
    code = print_json(&in, o->arguments[0]);
  else if (!o->quiet)
    print_found(&in, o->arguments[0]);
  clear(&in);
  return code;
}

const command cmd_init = {
    .name = "init",
    .arguments = "DIR",
    .summary = "begin a task: a folder that is ready for fit",
    .details =
        "Looks at a file of records and writes a task for it into DIR, a new or an empty "
        "folder:\n"
        "weaksup.lua, labeling functions of each kind with tests in lfs/, and a "
        "README.md "
        "that says\n"
        "how to go on. `weaksup fit DIR/lfs` works at once. On a terminal it asks for "
        "what "
        "is not\n"
        "given; elsewhere it takes what it would propose: the field with the most words "
        "as "
        "text, one\n"
        "with short values that are all different as id, one with few different values "
        "as "
        "gold label,\n"
        "its values as classes. --id '' and --gold '' are none. Keywords come from the "
        "gold "
        "labels\n"
        "where there are enough, and are placeholders otherwise. Nothing is ever "
        "replaced.\n",
    .examples = "weaksup init mytask\n"
                "weaksup init mytask --data comments.csv --classes HAM,SPAM\n"
                "weaksup fit mytask/lfs --out mytask/run\n",
    .takes = (const char *const[]){"data", "dev", "test", "classes", "text", "gold", "id",
                                   "task-text", "json", "quiet", "verbose", NULL},
    .least = 1,
    .most = 1,
    .run = run,
};
