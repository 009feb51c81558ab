/* SPDX-License-Identifier: MIT
 *
 * What stands in the files of a new task: the task file, rules with their lists, a page
 * that says how to go on. The Lua code is init_lua.c's.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/lf_write.h>

#include "init.h"
#include "init_mark.h"

/* --- weaksup.lua --- */

static ws_status put_classes(init *in, ws_buffer *out) {
  WS_TRY(ws_buffer_string(out, "classes = {"));
  for (size_t k = 0; k < in->class_count; k++) {
    WS_TRY(ws_buffer_string(out, k ? ", " : " "));
    WS_TRY(ws_lf_put_string(out, in->classes[k].name));
  }
  WS_TRY(ws_buffer_string(out, " } -- class 0, class 1, ...\n"));
  if (!in->classes_made_up) return WS_OK;
  return ws_buffer_string(out, "-- No field of the data holds labels, so these are only "
                               "names to begin with: the labeling\n"
                               "-- functions in lfs/ use them, too.\n");
}

static ws_status put_key(ws_buffer *out, const char *key, const char *value,
                         const char *remark) {
  WS_TRY(ws_buffer_printf(out, "%s = ", key));
  WS_TRY(ws_lf_put_string(out, ws_text_of(value)));
  return ws_buffer_printf(out, " -- %s\n", remark);
}

static ws_status put_file(ws_buffer *out, const char *folder, const char *key,
                          const char *file, const char *remark, ws_error *err) {
  if (!file) {
    if (ws_buffer_printf(out, "-- %s = \"%s.jsonl\" -- %s\n", key, key, remark) != WS_OK)
      return ws_error_nomem(err);
    return WS_OK;
  }
  ws_buffer path = {0};
  ws_status status = init_put_path(&path, folder, file, err);
  if (status == WS_OK && !ws_utf8_valid(ws_buffer_as_text(&path)))
    status = ws_error_set(err, WS_EINVAL, "%s: expected a path in UTF-8", file);
  if (status == WS_OK && put_key(out, key, path.data, remark) != WS_OK)
    status = ws_error_nomem(err);
  ws_buffer_clear(&path);
  return status;
}

static ws_status put_files(init *in, const char *folder, ws_buffer *out, ws_error *err) {
  WS_TRY(put_file(out, folder, "data", in->data, "records to label", err));
  static const char about_dev[] =
      "few records with gold labels from people: fits and scores";
  if (!in->own_dev)
    WS_TRY(put_file(out, folder, "dev", in->dev, about_dev, err));
  else if (put_key(out, "dev", INIT_DEV, about_dev) != WS_OK)
    return ws_error_nomem(err);
  return put_file(out, folder, "test", in->test,
                  "records with gold labels, for scores only", err);
}

/* Without gold labels the key must not name a field that the data has. */
static ws_status put_no_gold(init *in, ws_buffer *out) {
  static const char *const names[] = {"label", "gold", "gold_label",
                                      "weaksup_gold_label"};
  const ws_field_survey *const surveys[] = {in->survey, in->dev_survey, in->test_survey};
  size_t i = 0;
  for (size_t s = 0; s < 3 && i < 3;) {
    bool taken = surveys[s] && ws_field_survey_find(surveys[s], ws_text_of(names[i]));
    s = taken ? 0 : s + 1;
    i += taken;
  }
  return put_key(out, "gold", names[i],
                 "field of the gold label, for when records have one");
}

static ws_status put_fields(init *in, ws_buffer *out) {
  WS_TRY(put_key(out, "text", in->text, "field that rules look at, x.text in Lua"));
  if (in->gold)
    WS_TRY(put_key(out, "gold", in->gold, "field of the gold label"));
  else
    WS_TRY(put_no_gold(in, out));
  if (in->id) return put_key(out, "id", in->id, "field of the id");
  return ws_buffer_string(out, "-- id = \"id\" -- field of the id; without it the row "
                               "number\n");
}

static ws_status put_words(init *in, ws_buffer *out) {
  const char *said = in->o->keys[WS_TASK_TASK_TEXT];
  WS_TRY(ws_buffer_string(out, "\n-- In words: for people, and for programs that write "
                               "labeling functions.\n-- Take the dashes away where "
                               "you have said it.\n"));
  WS_TRY(ws_buffer_string(out, said ? "task_text = " : "-- task_text = "));
  WS_TRY(ws_lf_put_string(
      out,
      ws_text_of(said ? said : "Say here in a sentence what each text is sorted by.")));
  WS_TRY(ws_buffer_string(out, "\n-- describe = {\n"));
  for (size_t k = 0; k < in->class_count; k++) {
    WS_TRY(ws_buffer_string(out, "--   ["));
    WS_TRY(ws_lf_put_string(out, in->classes[k].name));
    WS_TRY(ws_buffer_string(out, "] = \"Say here what belongs to this class.\",\n"));
  }
  return ws_buffer_string(out, "-- }\n");
}

ws_status init_put_task(init *in, const char *folder, ws_buffer *out, ws_error *err) {
  if (ws_buffer_string(out,
                       "-- The task: the classes, and where the data lie. Plain data, "
                       "written as Lua. Paths are relative\n-- to this file; options "
                       "of the same names (--data FILE) win.\n") != WS_OK ||
      put_classes(in, out) != WS_OK)
    return ws_error_nomem(err);
  WS_TRY(put_files(in, folder, out, err));
  if (put_fields(in, out) != WS_OK || put_words(in, out) != WS_OK)
    return ws_error_nomem(err);
  return WS_OK;
}

/* --- rules --- */

/* Where the words come from: gold labels are never used without a word. */
static ws_status put_source(init *in, const char *mark, ws_buffer *out) {
  if (!in->words_by_gold)
    return ws_buffer_printf(
        out,
        "%s " INIT_PLACEHOLDERS
        ": there were %s gold labels to choose words by, so these are words "
        "that are\n%s frequent in the data, dealt out blindly, and those of the classes' "
        "names. Replace them and take\n%s out this comment: until then labels mean "
        "nothing.\n",
        mark, in->gold_records ? "too few" : "no", mark, mark);
  bool dev = in->own_dev || in->dev_is_data ||
             (in->dev && !ws_field_survey_find(in->survey, ws_text_of(in->gold)));
  WS_TRY(ws_buffer_printf(
      out,
      "%s %s: these words stand out in each class by the gold labels of %s (field\n%s "
      "'%s', "
      "log-odds in %zu records). Scores on those records flatter\n%s them: "
      "compare on others (`test` in weaksup.lua). Add what you know, take out what is "
      "chance.\n",
      mark, dev ? INIT_CHOSEN : INIT_CHOSEN_DATA, dev ? "the dev set" : "the data", mark,
      init_clean(in, ws_text_of(in->gold)), in->word_gold, mark));
  if (!dev) return WS_OK;
  return ws_buffer_printf(out,
                          "%s Until this comment is taken out, `fit` does not judge "
                          "labeling functions by these labels.\n",
                          mark);
}

/* A test of one word, which votes for the class. */
static ws_status put_test(init *in, size_t k, ws_text word, ws_buffer *out) {
  WS_TRY(ws_buffer_string(out, "# @test "));
  WS_TRY(init_put_json(out, word));
  WS_TRY(ws_buffer_string(out, " -> "));
  WS_TRY(ws_lf_put_test_class(out, in->task, (int32_t)k));
  return ws_buffer_string(out, "\n");
}

static ws_status put_front(init *in, const char *prefix, size_t k, ws_buffer *out) {
  WS_TRY(ws_buffer_printf(out, "%s_%s  ", prefix, in->classes[k].lf.data));
  WS_TRY(ws_lf_put_rule_class(out, in->task, (int32_t)k));
  return ws_buffer_string(out, "  ");
}

static ws_status put_list_rule(init *in, size_t k, ws_buffer *out) {
  ws_text word = {"", 0};
  if (init_word(&in->classes[k], 0, 0, &word)) WS_TRY(put_test(in, k, word, out));
  WS_TRY(ws_buffer_string(out, "# @test \"\" -> ABSTAIN\n"));
  WS_TRY(put_front(in, "words", k, out));
  return ws_buffer_printf(out, "@words_%s.txt\n", in->classes[k].lf.data);
}

/* \b knows the letters of few scripts, and some scripts have no blanks between words. */
static bool all_ascii(const init_class *class) {
  for (size_t i = 0; i < class->word_count; i++)
    for (size_t j = 0; j < class->words[i].size; j++)
      if ((unsigned char)class->words[i].data[j] >= 0x80) return false;
  return true;
}

static ws_status put_pattern_rule(init *in, size_t k, ws_buffer *out) {
  const init_class *class = &in->classes[k];
  const char *edge = all_ascii(class) ? "\\b" : "";
  ws_text word;
  if (init_word(class, 1, 0, &word)) WS_TRY(put_test(in, k, word, out));
  WS_TRY(put_front(in, "pattern", k, out));
  WS_TRY(ws_buffer_printf(out, "/%s(?:", edge));
  for (size_t i = 0; init_word(class, 1, i, &word); i++) {
    WS_TRY(ws_buffer_string(out, i ? "|" : ""));
    WS_TRY(ws_buffer_text(out, word)); // letters, digits, '_': nothing to escape
  }
  return ws_buffer_printf(out, ")%s/i\n", edge);
}

ws_status init_put_rules(init *in, ws_buffer *out) {
  size_t classes = init_lf_classes(in);
  WS_TRY(ws_buffer_string(
      out,
      "# Rules, one a line: NAME CLASS @FILE votes for the class where any line of the "
      "file occurs as\n# whole words, in any case; NAME CLASS /PATTERN/FLAGS where the "
      "pattern matches (PCRE2, like\n# Perl's). FIELD ~ before either looks at another "
      "field. `weaksup test` runs the @test lines.\n#\n"));
  WS_TRY(put_source(in, "#", out));
  WS_TRY(ws_buffer_string(out, "\n# Keyword lists\n"));
  for (size_t k = 0; k < classes; k++) WS_TRY(put_list_rule(in, k, out));
  WS_TRY(ws_buffer_string(out, "\n# Patterns\n"));
  for (size_t k = 0; k < classes; k++) WS_TRY(put_pattern_rule(in, k, out));
  return WS_OK;
}

ws_status init_put_list(init *in, const init_class *class, ws_buffer *out) {
  ws_text word;
  WS_TRY(ws_buffer_string(out, "# One entry a line: a word, or several with one blank "
                               "between them.\n"));
  if (!in->words_by_gold)
    WS_TRY(ws_buffer_string(out, "# " INIT_PLACEHOLDERS
                                 ": replace them, and take out this line.\n"));
  for (size_t i = 0; init_word(class, 0, i, &word); i++) {
    WS_TRY(ws_buffer_text(out, word));
    WS_TRY(ws_buffer_string(out, "\n"));
  }
  return WS_OK;
}

/* --- README.md --- */

static ws_status put_class_list(init *in, ws_buffer *out) {
  for (size_t k = 0; k < in->class_count; k++) {
    const init_class *class = &in->classes[k];
    WS_TRY(ws_buffer_printf(out, "- class %zu, `", k));
    size_t start = out->size;
    WS_TRY(init_put_clean(out, class->name));
    for (size_t i = start; i < out->size; i++)
      if (out->data[i] == '`') out->data[i] = '\'';
    WS_TRY(ws_buffer_string(out, "`"));
    if (in->gold_records)
      WS_TRY(
          ws_buffer_printf(out, ": %llu gold labels", (unsigned long long)class->gold));
    WS_TRY(ws_buffer_string(out, "\n"));
  }
  return WS_OK;
}

static const char next_steps[] =
    "\n"
    "## What to do next\n"
    "\n"
    "All commands are run in this folder.\n"
    "\n"
    "1. Say in `weaksup.lua` what the task is, in words.\n"
    "2. Look at the first votes: `weaksup analyze lfs` tells of each labeling function "
    "how "
    "often it votes, and what looks wrong.\n"
    "3. Replace the words in `lfs/*.txt` and `lfs/first.rules` by what you know about "
    "your "
    "texts; write functions in `lfs/first.lua` for what words cannot say. Any number of "
    "`*.rules` and `*.lua` files may lie there.\n"
    "4. `weaksup try lfs --text \"...\"` shows every vote on one text and why; `weaksup "
    "test "
    "lfs` runs the `@test` lines above the labeling functions.\n"
    "5. `weaksup fit lfs` makes labels and a classifier from the votes, in `run/`; "
    "`weaksup explain run --id ID` adds up why a record has its label.\n"
    "6. Round again: only what changed is run.\n"
    "7. `weaksup export run --format csv` writes the labels, `weaksup predict run --data "
    "FILE` labels texts that no rule knows.\n";

static const char to_replace[] =
    "\n"
    "The words in `lfs/` are placeholders: `fit` says so until the comments that call "
    "them so are taken out. Where no better words come to mind, gold labels find some:\n"
    "\n";

static const char to_label[] =
    "1. `weaksup fit lfs`, then `weaksup annotate run --records 30 --out dev.jsonl`: "
    "thirty labels of yours.\n"
    "2. `dev = \"dev.jsonl\"` in `weaksup.lua`, and `weaksup fit lfs` again.\n";

static const char is_labelled[] =
    "1. The records that have a label already are in the file that `dev` names; `weaksup "
    "annotate run` adds some.\n"
    "2. `weaksup fit lfs`.\n";

static const char to_propose[] =
    "3. `weaksup next run --lfs 10 --out lfs/next.rules` proposes rules by them, and "
    "says which classes have none yet.\n"
    "4. `weaksup fit lfs`, and round again: labels, rules. A hundred labels tell how "
    "good "
    "the result is, and make it better. When `next` says that each class has rules, "
    "delete `lfs/first.rules`, `lfs/first.lua` and `lfs/words_*.txt`; before that, "
    "replace the words in them.\n";

static const char to_train[] =
    "%sThe other way, with about a hundred labels: `weaksup train --labels dev.jsonl` "
    "makes a classifier without rules. Compare both on records with gold labels that "
    "neither has seen.\n";

ws_status init_put_readme(init *in, ws_buffer *out) {
  WS_TRY(ws_buffer_string(out, "# A labeling task\n\nClasses:\n\n"));
  WS_TRY(put_class_list(in, out));
  WS_TRY(ws_buffer_string(out, "\n| file | what |\n|---|---|\n"
                               "| `weaksup.lua` | the task: classes, files, fields |\n"));
  if (in->own_dev)
    WS_TRY(ws_buffer_string(
        out, "| `" INIT_DEV "` | the records of the data that have gold labels |\n"));
  WS_TRY(ws_buffer_string(
      out,
      "| `lfs/first.rules` | rules: a keyword list and a pattern for each class |\n"
      "| `lfs/words_*.txt` | the keyword lists |\n"
      "| `lfs/first.lua` | a labeling function in Lua, a derived field, other fields "
      "of a record |\n"));
  WS_TRY(ws_buffer_string(out, next_steps));
  if (!in->words_by_gold) {
    WS_TRY(ws_buffer_string(out, to_replace));
    WS_TRY(ws_buffer_string(out, in->own_dev || in->dev ? is_labelled : to_label));
    WS_TRY(ws_buffer_string(out, to_propose));
  }
  if (!in->words_by_gold || in->own_dev)
    WS_TRY(ws_buffer_printf(out, to_train, in->words_by_gold ? "\n" : "5. "));
  if (in->class_count <= INIT_LF_CLASSES) return WS_OK;
  return ws_buffer_printf(out, "\nThe first %d classes only have labeling functions.\n",
                          (int)INIT_LF_CLASSES);
}
