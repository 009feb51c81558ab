/* SPDX-License-Identifier: MIT
 *
 * Rules to write next, for people and for programs.
 */
#include <math.h>
#include <stdio.h>

#include "members.h"
#include "next_lfs.h"
#include "prose.h"
#include "quote.h"
#include "say.h"
#include "step.h"
#include "table.h"

enum { EXAMPLE_COLUMNS = 70 };

static const char *judge_of(const next_ideas *s) {
  return s->n->predictor ? "classifier" : "label model";
}

static ws_text class_of(const next_ideas *s, const ws_idea *idea) {
  return ws_votes_class(s->n->votes, (size_t)idea->label);
}

static double right_of(const ws_idea *idea) {
  return idea->gold ? (double)idea->gold_right / (double)idea->gold : (double)NAN;
}

/* --- the table ---------------------------------------------------------------------- */

static void print_targets(const next_ideas *s) {
  ws_ideas_targets targets = ws_ideas_target_counts(s->ideas);
  uint64_t all = targets.uncovered + targets.conflicts;
  printf("%zu records: %llu without a vote, %llu with votes that no class wins",
         ws_votes_rows(s->n->votes), (unsigned long long)targets.uncovered,
         (unsigned long long)targets.conflicts);
  if (targets.searched < all)
    printf(" (a sample of %llu of them searched)", (unsigned long long)targets.searched);
  printf("\n");
  if (s->n->unread)
    printf("%zu labeling functions with words that `init` dealt out count for nothing "
           "here: gold labels\nof dev alone (%llu) tell classes\n",
           s->n->unread_count, (unsigned long long)s->gold);
  size_t known = ws_ideas_known(s->ideas);
  if (known)
    printf("words left out, as labeling functions%s have them already: %zu\n",
           s->file.size ? ", or the file," : "", known);
}

static void row_cells(const next_ideas *s, table *t, const ws_idea *idea) {
  table_cell(t, "%.*s", WS_TEXT_ARG(idea->words));
  if (idea->label == WS_ABSTAIN) {
    table_cell(t, "?");
    table_cell(t, "-");
  } else {
    table_cell(t, "%.*s", WS_TEXT_ARG(class_of(s, idea)));
    if (idea->judged)
      table_cell(t, "%.2f (%.2f)", idea->share, idea->base);
    else
      table_cell(t, "-");
  }
  table_cell(t, "%llu", (unsigned long long)idea->records);
  table_cell(t, "%llu", (unsigned long long)idea->uncovered);
  table_cell(t, "%llu", (unsigned long long)idea->conflicts);
  table_cell(t, "%llu", (unsigned long long)idea->fresh);
  if (idea->gold && idea->label != WS_ABSTAIN)
    table_cell(t, "%llu of %llu%s (%.2f-%.2f)", (unsigned long long)idea->gold_right,
               (unsigned long long)idea->gold, idea->gold_fresh ? " new" : "",
               idea->precision.low, idea->precision.high);
  else
    table_cell(t, "-");
}

static bool print_ideas(const next_ideas *s) {
  static const bool right[] = {false, false, true, true, true, true, true, true};
  static const char *const heads[] = {"words",     "class",     "share", "records",
                                      "uncovered", "conflicts", "new",   "right on dev"};
  static const unsigned char give_up[] = {0, 0, 4, 2, 3, 1, 5, 0};
  table t = {.columns = 8, .right = right, .give_up = give_up};
  for (size_t i = 0; i < 8; i++) table_cell(&t, "%s", heads[i]);
  for (size_t i = 0; i < s->count; i++) row_cells(s, &t, &s->items[i]);
  return table_print(&t);
}

/* Which of them the gold labels of dev bear out. */
static void print_proven(const next_ideas *s) {
  size_t proven = 0, fresh = 0;
  for (size_t i = 0; i < s->count; i++) proven += s->items[i].proven;
  for (size_t i = 0; i < s->count; i++) fresh += s->items[i].gold_fresh;
  if (!s->gold) return;
  if (fresh)
    prose_print("  ", "new: of the gold labels of dev, those that no labeling function "
                      "votes on, which another rule would be the first to decide");
  if (proven == s->count) return;
  if (proven)
    prose_print("  ",
                "better than chance by its interval: the first %zu of %zu; look at "
                "the examples of the others before they are used",
                proven, s->count);
  else if (s->dev_votes)
    prose_print("  ", "none is better than chance by its interval on gold labels that no "
                      "labeling function votes on: look at the examples before they are "
                      "used");
  else
    prose_print("  ", "none is better than chance by its interval: look at the examples "
                      "before they are used");
}

/* What stands around the words, and they themselves marked. */
static ws_status put_example(ws_buffer *line, ws_text words, ws_text text) {
  enum { AROUND = 8, LEAST = 20 }; // blanks, quotes and marks
  size_t width = terminal_columns(), columns = EXAMPLE_COLUMNS;
  if (width && width < columns + AROUND)
    columns = width > LEAST + AROUND ? width - AROUND : LEAST;
  ws_span at;
  bool found;
  WS_TRY(ws_idea_find(words, text, &at, &found));
  return found ? quote_around(line, text, at.start, at.end, columns)
               : quote(line, text, columns);
}

/* The records that no class has yet, and have the words: what else is in them. */
static void print_cluster(const ws_idea *idea) {
  text_print(idea->words);
  printf(": %llu records", (unsigned long long)idea->targets);
  for (size_t i = 0; i < idea->with_count; i++) {
    printf("%s", i ? ", " : ", often with ");
    text_print(idea->with[i].words);
    printf(" (%llu)", (unsigned long long)idea->with[i].records);
  }
  printf("\n");
}

static bool print_examples(const next_ideas *s) {
  ws_buffer line = {0};
  bool fine = true;
  for (size_t i = 0, e = 0; i < s->count && fine; i++) {
    print_cluster(&s->items[i]);
    for (size_t x = 0; x < s->items[i].example_count && fine; x++, e++) {
      line.size = 0;
      fine = put_example(&line, s->items[i].words,
                         ws_buffer_as_text(&s->examples[e].text)) == WS_OK;
      if (fine) printf("  %s\n", line.data);
    }
  }
  ws_buffer_clear(&line);
  return fine;
}

static void print_rules(const next_ideas *s) {
  if (s->n->o->out) {
    printf("\nRules, to check before they are used, now in ");
    text_print(ws_text_of(s->n->o->out));
    printf(":\n\n");
  } else {
    printf("\nRules, to check before they are pasted into a .rules file:\n\n");
  }
  for (size_t i = 0, begin = 0; i < s->count; begin = s->rule_ends[i++] + 1) {
    text_print((ws_text){s->rules.data + begin, s->rule_ends[i] - begin});
    printf("\n");
  }
}

static void print_label(const next_ideas *s) {
  step next = step_to(&cmd_annotate);
  step_argument(&next, s->n->o->arguments[0]);
  if (!s->n->dev.size) step_option(&next, "out", "dev.jsonl");
  step_print(&next, s->n->o, "more gold labels tell of more words");
}

/* Rules that are in a file are fitted with; else they are written to one first. */
static void print_next(const next_ideas *s) {
  if (!s->n->o->out) return;
  step next = step_fit_again(s->n->o->arguments[0], NULL);
  next.apart = true;
  step_print(&next, s->n->o, "look through them, then fit again");
}

static int print_text(const next_ideas *s) {
  print_targets(s);
  if (s->count == 0) {
    printf("no %sword that is frequent among these tells a class\n",
           ws_ideas_known(s->ideas) ? "other " : "");
    if (s->n->unread)
      next_lfs_print_init(s);
    else
      print_label(s);
    return EXIT_DONE;
  }
  if (!s->n->unread)
    printf(
        "share: mean probability of the class where the words occur, by the %s (and in "
        "general)\n\n",
        judge_of(s));
  bool fine = print_ideas(s);
  print_proven(s);
  printf("\n");
  fine = fine && print_examples(s);
  print_rules(s);
  if (s->count < s->n->o->lfs) printf("\nNo other frequent word tells a class.\n");
  if (s->n->unread)
    next_lfs_print_init(s);
  else
    print_next(s);
  ws_error err = {WS_ENOMEM, "out of memory"};
  return fine ? EXIT_DONE : say_failure(&err);
}

/* --- JSON --------------------------------------------------------------------------- */

static void put_examples(ws_json_writer *json, const next_ideas *s, size_t first,
                         size_t count) {
  ws_json_key(json, "examples");
  ws_json_open(json, '[');
  for (size_t e = first; e < first + count; e++) {
    char digits[24];
    ws_json_open(json, '{');
    json_put_text(json, "id", ws_votes_row_id(s->n->votes, s->examples[e].row, digits));
    json_put_text(json, "text", ws_buffer_as_text(&s->examples[e].text));
    ws_json_close(json, '}');
  }
  ws_json_close(json, ']');
}

static void put_class(ws_json_writer *json, const next_ideas *s, const ws_idea *idea) {
  bool known = idea->label != WS_ABSTAIN, judged = known && idea->judged;
  ws_json_key(json, "class");
  if (known)
    ws_json_text(json, class_of(s, idea));
  else
    ws_json_null(json);
  json_put_number(json, "share", judged ? idea->share : (double)NAN);
  json_put_number(json, "base", judged ? idea->base : (double)NAN);
  json_put_uint(json, "judged", idea->judged);
}

static void put_gold(ws_json_writer *json, const ws_idea *idea) {
  bool known = idea->label != WS_ABSTAIN && idea->gold;
  json_put_uint(json, "gold", idea->gold);
  json_put_uint(json, "gold_right", idea->gold_right);
  json_put_number(json, "precision", known ? right_of(idea) : (double)NAN);
  json_put_string(json, "gold_of", idea->gold_fresh ? "uncovered" : "all");
  json_put_bool(json, "proven", idea->proven);
  ws_json_key(json, "interval");
  if (!known) {
    ws_json_null(json);
    return;
  }
  ws_json_open(json, '[');
  ws_json_number(json, idea->precision.low);
  ws_json_number(json, idea->precision.high);
  ws_json_close(json, ']');
}

static void put_cluster(ws_json_writer *json, const ws_idea *idea) {
  ws_json_key(json, "cluster");
  ws_json_open(json, '{');
  json_put_uint(json, "records", idea->targets);
  ws_json_key(json, "with");
  ws_json_open(json, '[');
  for (size_t i = 0; i < idea->with_count; i++) {
    ws_json_open(json, '{');
    json_put_text(json, "words", idea->with[i].words);
    json_put_uint(json, "records", idea->with[i].records);
    ws_json_close(json, '}');
  }
  ws_json_close(json, ']');
  ws_json_close(json, '}');
}

static void put_idea(ws_json_writer *json, const next_ideas *s, size_t i, size_t begin) {
  const ws_idea *idea = &s->items[i];
  ws_ideas_targets targets = ws_ideas_target_counts(s->ideas);
  double N = (double)ws_votes_rows(s->n->votes);
  double uncovered = targets.uncovered ? (double)targets.uncovered : (double)NAN;
  json_put_text(json, "words", idea->words);
  json_put_text(json, "rule", (ws_text){s->rules.data + begin, s->rule_ends[i] - begin});
  put_class(json, s, idea);
  json_put_uint(json, "records", idea->records);
  json_put_number(json, "coverage", (double)idea->records / N);
  json_put_uint(json, "uncovered", idea->uncovered);
  json_put_number(json, "coverage_of_uncovered", (double)idea->uncovered / uncovered);
  json_put_uint(json, "conflicts", idea->conflicts);
  json_put_uint(json, "new", idea->fresh);
  put_gold(json, idea);
  put_cluster(json, idea);
}

static int print_json(const next_ideas *s) {
  ws_ideas_targets targets = ws_ideas_target_counts(s->ideas);
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes, .indent = 1};
  ws_json_open(&json, '{');
  json_put_uint(&json, "records", ws_votes_rows(s->n->votes));
  json_put_uint(&json, "uncovered", targets.uncovered);
  json_put_uint(&json, "conflicts", targets.conflicts);
  json_put_uint(&json, "searched", targets.searched);
  json_put_uint(&json, "known", ws_ideas_known(s->ideas));
  json_put_uint(&json, "gold", s->gold);
  json_put_string(&json, "judged_by", judge_of(s));
  ws_json_key(&json, "lfs");
  ws_json_open(&json, '[');
  for (size_t i = 0, e = 0, begin = 0; i < s->count; i++) {
    ws_json_open(&json, '{');
    put_idea(&json, s, i, begin);
    put_examples(&json, s, e, s->items[i].example_count);
    ws_json_close(&json, '}');
    e += s->items[i].example_count;
    begin = s->rule_ends[i] + 1;
  }
  ws_json_close(&json, ']');
  ws_json_close(&json, '}');
  return json_print(&json);
}

int next_print_lfs(const next_ideas *s) {
  if (s->n->o->json) return print_json(s);
  return s->n->o->quiet ? EXIT_DONE : print_text(s);
}
