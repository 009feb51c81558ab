/* SPDX-License-Identifier: MIT
 *
 * weaksup verify: which generated files were edited since.
 */
#include <stdio.h>

#include <weaksup/provenance.h>

#include "cmd.h"
#include "members.h"
#include "say.h"
#include "table.h"

typedef struct counts {
  size_t of[WS_PROVENANCE_DAMAGED + 1]; // by state
} counts;

static counts count_states(const ws_provenance_list *list) {
  counts c = {{0}};
  for (size_t i = 0; i < ws_provenance_list_count(list); i++)
    c.of[ws_provenance_list_at(list, i)->file.state]++;
  return c;
}

/* --- the table --- */

static void put_text(table *t, ws_text text) {
  if (text.size)
    table_cell(t, "%.*s", WS_TEXT_ARG(text));
  else
    table_cell(t, "-");
}

static void put_row(table *t, const ws_provenance_entry *entry) {
  const ws_provenance *header = &entry->file.header;
  table_cell(t, "%s", entry->path);
  table_cell(t, "%s", ws_provenance_state_name(entry->file.state));
  put_text(t, header->status);
  if (header->round)
    table_cell(t, "%llu", (unsigned long long)header->round);
  else
    table_cell(t, "-");
  put_text(t, header->variant);
  put_text(t, header->model);
}

/* Files that people wrote are shown with -v only. */
static bool print_table(const ws_provenance_list *list, bool all) {
  static const char *const heads[] = {"file",  "code",    "status",
                                      "round", "variant", "model"};
  static const bool right[] = {false, false, false, true, false, false};
  static const unsigned char give_up[] = {0, 0, 3, 2, 1, 4};
  table t = {.columns = 6, .right = right, .give_up = give_up};
  for (size_t i = 0; i < t.columns; i++) table_cell(&t, "%s", heads[i]);
  for (size_t i = 0; i < ws_provenance_list_count(list); i++) {
    const ws_provenance_entry *entry = ws_provenance_list_at(list, i);
    if (all || entry->file.state != WS_PROVENANCE_NONE) put_row(&t, entry);
  }
  return table_print(&t);
}

static void say_damaged(const ws_provenance_list *list) {
  for (size_t i = 0; i < ws_provenance_list_count(list); i++) {
    const ws_provenance_entry *entry = ws_provenance_list_at(list, i);
    if (entry->file.state == WS_PROVENANCE_DAMAGED)
      say_warning("%s:%llu: %s", entry->path,
                  (unsigned long long)entry->file.problem_line, entry->file.problem);
  }
}

static void print_summary(counts c) {
  size_t generated = c.of[WS_PROVENANCE_UNCHANGED] + c.of[WS_PROVENANCE_EDITED] +
                     c.of[WS_PROVENANCE_DAMAGED];
  printf("%zu generated file%s: %zu unchanged, %zu edited, %zu damaged; %zu written by "
         "hand\n",
         generated, generated == 1 ? "" : "s", c.of[WS_PROVENANCE_UNCHANGED],
         c.of[WS_PROVENANCE_EDITED], c.of[WS_PROVENANCE_DAMAGED],
         c.of[WS_PROVENANCE_NONE]);
}

static int print_text(const ws_provenance_list *list, const options *o) {
  counts c = count_states(list);
  size_t rows =
      ws_provenance_list_count(list) - (o->verbose ? 0 : c.of[WS_PROVENANCE_NONE]);
  say_damaged(list);
  if (o->quiet) return EXIT_DONE;
  if (rows && !print_table(list, o->verbose)) {
    ws_error err = WS_ERROR_INIT;
    ws_error_nomem(&err);
    return say_failure(&err);
  }
  print_summary(c);
  return EXIT_DONE;
}

/* --- JSON --- */

/* null where the header does not say. */
static void write_text(ws_json_writer *json, const char *key, ws_text text) {
  ws_json_key(json, key);
  if (text.size)
    ws_json_text(json, text);
  else
    ws_json_null(json);
}

static void write_hash(ws_json_writer *json, const char *key, ws_hash128 hash) {
  char hex[33];
  ws_hash128_hex(hash, hex);
  bool known = !ws_hash128_equals(hash, (ws_hash128){0, 0});
  json_put_string(json, key, known ? hex : NULL);
}

static void write_header(ws_json_writer *json, const ws_provenance *header) {
  write_text(json, "lf", header->lf);
  write_text(json, "status", header->status);
  json_put_uint(json, "round", header->round);
  write_text(json, "variant", header->variant);
  write_text(json, "date", header->date);
  write_text(json, "model", header->model);
  write_text(json, "endpoint", header->endpoint);
  write_hash(json, "template", header->template_hash);
  write_hash(json, "prompt", header->prompt);
  write_hash(json, "reply", header->reply);
  write_text(json, "parent", header->parent);
  json_put_uint(json, "prompt_tokens", header->prompt_tokens);
  json_put_uint(json, "reply_tokens", header->reply_tokens);
  json_put_bool(json, "estimated", header->estimated);
  ws_json_key(json, "cost_usd");
  if (header->cost_usd < 0)
    ws_json_null(json);
  else
    ws_json_number(json, header->cost_usd);
  write_text(json, "evidence", header->evidence);
}

static void write_entry(ws_json_writer *json, const ws_provenance_entry *entry) {
  ws_json_open(json, '{');
  json_put_string(json, "file", entry->path);
  json_put_string(json, "code", ws_provenance_state_name(entry->file.state));
  json_put_string(json, "problem", *entry->file.problem ? entry->file.problem : NULL);
  json_put_uint(json, "problem_line", entry->file.problem_line);
  write_header(json, &entry->file.header);
  ws_json_close(json, '}');
}

static int print_json(const ws_provenance_list *list) {
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes, .indent = 1};
  counts c = count_states(list);
  ws_json_open(&json, '{');
  json_put_uint(&json, "unchanged", c.of[WS_PROVENANCE_UNCHANGED]);
  json_put_uint(&json, "edited", c.of[WS_PROVENANCE_EDITED]);
  json_put_uint(&json, "damaged", c.of[WS_PROVENANCE_DAMAGED]);
  json_put_uint(&json, "by_hand", c.of[WS_PROVENANCE_NONE]);
  ws_json_key(&json, "files");
  ws_json_open(&json, '[');
  for (size_t i = 0; i < ws_provenance_list_count(list); i++) {
    const ws_provenance_entry *entry = ws_provenance_list_at(list, i);
    if (entry->file.state != WS_PROVENANCE_NONE) write_entry(&json, entry);
  }
  ws_json_close(&json, ']');
  ws_json_close(&json, '}');
  return json_print(&json);
}

/* --- the command --- */

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  ws_provenance_list *list = NULL;
  (void)self;
  if (ws_provenance_list_load(o->arguments[0], &list, &err) != WS_OK)
    return say_failure(&err);
  counts c = count_states(list);
  int code = o->json ? print_json(list) : print_text(list, o);
  if (c.of[WS_PROVENANCE_EDITED] || c.of[WS_PROVENANCE_DAMAGED]) code = EXIT_FAILED;
  ws_provenance_list_free(list);
  return code;
}

const command cmd_verify = {
    .name = "verify",
    .arguments = "LFS",
    .summary = "tell which generated labeling functions were edited since",
    .details =
        "Lists the generated files in the folder LFS, or the one file, and tells by the "
        "hash in\n"
        "the header of each whether its code is as it was generated (unchanged) or not "
        "(edited);\n"
        "where the header itself was changed, or cannot be read, it is damaged. Nothing "
        "is "
        "run.\n"
        "With -v files that people wrote are listed, too. Exit code 1 if any file is "
        "edited or\n"
        "damaged.\n",
    .examples = "weaksup verify lfs/\n",
    .takes = (const char *const[]){"json", "quiet", "verbose", NULL},
    .least = 1,
    .most = 1,
    .run = run,
};
