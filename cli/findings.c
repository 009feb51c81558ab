/* SPDX-License-Identifier: MIT
 *
 * Findings in words and as JSON.
 */
#include "findings.h"

#include <stdio.h>

#include "members.h"
#include "prose.h"
#include "say.h"
#include "table.h"

enum { MOST_LIKE = 5, MOST_WARNINGS = 5 };

/* --- JSON --------------------------------------------------------------------------- */

static void put_names(ws_json_writer *json, const char *key, const ws_votes *votes,
                      const uint32_t *items, size_t count,
                      ws_text (*name)(const ws_votes *, size_t)) {
  ws_json_key(json, key);
  ws_json_open(json, '[');
  for (size_t i = 0; i < count; i++) ws_json_text(json, name(votes, items[i]));
  ws_json_close(json, ']');
}

static void put_finding(ws_json_writer *json, const ws_finding *finding,
                        const ws_votes *votes) {
  ws_json_open(json, '{');
  json_put_string(json, "kind", ws_finding_kind_name(finding->kind));
  json_put_bool(json, "severe", finding->severe);
  put_names(json, "lfs", votes, finding->lfs, finding->lf_count, ws_votes_lf);
  put_names(json, "classes", votes, finding->classes, finding->class_count,
            ws_votes_class);
  ws_json_key(json, "figures");
  ws_json_open(json, '{');
  for (size_t i = 0; i < finding->figure_count; i++) {
    ws_json_key(json, finding->figures[i].name);
    ws_json_number(json, finding->figures[i].value);
  }
  ws_json_close(json, '}');
  json_put_text(json, "what", finding->what);
  json_put_text(json, "todo", finding->todo);
  ws_json_close(json, '}');
}

static void put_group(ws_json_writer *json, const ws_duplicate_group *group,
                      const ws_votes *votes) {
  ws_json_open(json, '{');
  json_put_text(json, "class", ws_votes_class(votes, group->label));
  put_names(json, "lfs", votes, group->lfs, group->count, ws_votes_lf);
  json_put_number(json, "effective_votes", group->effective);
  ws_json_close(json, '}');
}

void findings_json(ws_json_writer *json, const ws_diagnosis *diagnosis,
                   const ws_votes *votes) {
  const ws_duplicate_groups *groups = ws_diagnosis_duplicates(diagnosis);
  ws_json_key(json, "doctor");
  ws_json_open(json, '[');
  for (size_t i = 0; i < ws_diagnosis_count(diagnosis); i++)
    put_finding(json, ws_diagnosis_at(diagnosis, i), votes);
  ws_json_close(json, ']');
  ws_json_key(json, "near_duplicates");
  ws_json_open(json, '[');
  for (size_t i = 0; i < ws_duplicate_groups_count(groups); i++)
    put_group(json, ws_duplicate_groups_at(groups, i), votes);
  ws_json_close(json, ']');
}

void findings_copy_json(ws_json_writer *json, ws_value metrics) {
  static const char *const names[] = {"doctor", "near_duplicates"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    ws_value value = ws_value_get(metrics, ws_text_of(names[i]));
    ws_json_key(json, names[i]);
    if (ws_value_is(value, WS_ARRAY))
      ws_json_value(json, value);
    else
      ws_json_null(json);
  }
}

/* --- in words ----------------------------------------------------------------------- */

/* What is printed of the findings so far: those of one kind are cut. */
typedef struct section {
  size_t printed, left_out; // of the kind
  ws_text kind;
} section;

static void end_kind(section *s) {
  if (s->left_out) printf("- %zu more of this kind (--json)\n", s->left_out);
  s->printed = s->left_out = 0;
}

static void print_finding(section *s, ws_text kind, ws_text what, ws_text todo) {
  if (!ws_text_equal(kind, s->kind)) end_kind(s);
  s->kind = kind;
  if (s->printed == MOST_LIKE) {
    s->left_out++;
    return;
  }
  s->printed++;
  printf("- ");
  text_print(what); // names may come from anywhere, and so may the metrics of a run
  printf("\n    ");
  text_print(todo);
  printf("\n");
}

/* That nothing was found is only said of what was looked at. */
static void print_head(size_t count, const lf_table *lfs) {
  ws_buffer unsure = {0};
  printf(count ? "\ndoctor\n" : "\ndoctor: nothing stands out\n");
  if (count == 0 && lf_table_put_unsure(lfs, &unsure) == WS_OK && unsure.size)
    prose_print("  ", "  %s", unsure.data);
  ws_buffer_clear(&unsure);
}

void findings_print(const ws_diagnosis *diagnosis, const lf_table *lfs) {
  section s = {0, 0, {"", 0}};
  print_head(ws_diagnosis_count(diagnosis), lfs);
  for (size_t i = 0; i < ws_diagnosis_count(diagnosis); i++) {
    const ws_finding *finding = ws_diagnosis_at(diagnosis, i);
    print_finding(&s, ws_text_of(ws_finding_kind_name(finding->kind)), finding->what,
                  finding->todo);
  }
  end_kind(&s);
}

static ws_text text_member(ws_value object, const char *name) {
  ws_value value = ws_value_get(object, ws_text_of(name));
  return ws_value_is(value, WS_STRING) ? ws_value_text(value) : (ws_text){"", 0};
}

void findings_print_read(ws_value metrics, const lf_table *lfs) {
  section s = {0, 0, {"", 0}};
  ws_text key;
  ws_value item, list = ws_value_get(metrics, ws_text_of("doctor"));
  if (!ws_value_is(list, WS_ARRAY)) return;
  print_head(ws_value_count(list), lfs);
  for (ws_value_iter it = ws_value_each(list); ws_value_next(&it, &key, &item);)
    if (ws_value_is(item, WS_OBJECT))
      print_finding(&s, text_member(item, "kind"), text_member(item, "what"),
                    text_member(item, "todo"));
  end_kind(&s);
}

/* What is not said elsewhere: the note of the label model stands below the table, LFs
 * that never vote are warned of with the reason. */
static bool is_said_here(const ws_finding *finding) {
  return finding->severe && finding->kind != WS_NOT_IDENTIFIABLE;
}

void findings_say(const ws_diagnosis *diagnosis, const char *see) {
  size_t severe = 0, said = 0;
  for (size_t i = 0; i < ws_diagnosis_count(diagnosis); i++)
    severe += is_said_here(ws_diagnosis_at(diagnosis, i));
  size_t most = severe <= MOST_WARNINGS ? severe : MOST_WARNINGS - 1;
  for (size_t i = 0; i < ws_diagnosis_count(diagnosis) && said < most; i++) {
    const ws_finding *finding = ws_diagnosis_at(diagnosis, i);
    if (!is_said_here(finding)) continue;
    said++;
    say_warning("%.*s", (int)finding->what.size, finding->what.data);
  }
  if (said < severe)
    say_warning("%zu more findings of this weight: see 'weaksup analyze %s'",
                severe - said, see);
}
