/* SPDX-License-Identifier: MIT
 *
 * Decisions of runs are read from their metrics and manifests, as they stand there.
 */
#include "decisions.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "members.h"
#include "prose.h"
#include "run_folder.h"

/* --- the branch -----------------------------------------------------------------------
 */

static run_branch read_branch(ws_value metrics) {
  run_branch out = {"", (double)NAN};
  ws_value recipe = ws_value_get(metrics, ws_text_of("recipe"));
  bool valid = ws_value_is(recipe, WS_OBJECT);
  ws_text name = valid ? member_text(recipe, "branch", &valid) : (ws_text){"", 0};
  if (!valid) return out;
  snprintf(out.name, sizeof out.name, "%.*s", WS_TEXT_ARG(name));
  ws_value gate = ws_value_get(recipe, ws_text_of("gate"));
  bool gated = ws_value_is(gate, WS_OBJECT);
  double z = gated ? member_number(gate, "median_z", &gated) : (double)NAN;
  if (gated) out.z = z;
  return out;
}

run_branch run_branch_of(const char *run) {
  ws_buffer metrics = {0};
  run_branch out = {"", (double)NAN};
  if (run_is(run) && run_metrics(run, &metrics, NULL) == WS_OK)
    out = read_branch((ws_value){(const unsigned char *)metrics.data});
  ws_buffer_clear(&metrics);
  return out;
}

/* --- values as texts ---------------------------------------------------------------- */

static ws_status put_scalar(ws_value value, ws_buffer *out) {
  switch (ws_value_type(value)) {
  case WS_STRING:
    return ws_buffer_text(out, ws_value_text(value));
  case WS_BOOL:
    return ws_buffer_string(out, ws_value_bool(value) ? "yes" : "no");
  case WS_INT:
    return ws_buffer_printf(out, "%lld", (long long)ws_value_int(value));
  case WS_DOUBLE:
    return ws_buffer_printf(out, "%.4g", ws_value_number(value));
  default:
    return ws_buffer_string(out, "none");
  }
}

static ws_status put_value(ws_value value, ws_buffer *out) {
  ws_text key;
  ws_value item;
  size_t count = 0;
  if (!ws_value_is(value, WS_ARRAY)) return put_scalar(value, out);
  for (ws_value_iter it = ws_value_each(value); ws_value_next(&it, &key, &item);) {
    WS_TRY(ws_buffer_string(out, count++ ? ", " : ""));
    WS_TRY(put_scalar(item, out));
  }
  return WS_OK;
}

/* --- comparing ---------------------------------------------------------------------- */

typedef struct documents {
  ws_buffer metrics, manifest;
  ws_buffer text; // of the value that is compared
} documents;

static ws_value value_of(const ws_buffer *bytes) {
  return (ws_value){(const unsigned char *)bytes->data};
}

static ws_status load(const char *run, documents *d, ws_error *err) {
  WS_TRY(run_metrics(run, &d->metrics, err));
  return run_manifest(run, &d->manifest, err);
}

static void clear_documents(documents *d) {
  ws_buffer_clear(&d->metrics);
  ws_buffer_clear(&d->manifest);
  ws_buffer_clear(&d->text);
}

static ws_status add(decisions *out, const char *what, const documents *sides) {
  ws_text before = ws_buffer_as_text(&sides[0].text),
          after = ws_buffer_as_text(&sides[1].text);
  if (ws_text_equal(before, after) || out->count == DECISIONS_MOST) return WS_OK;
  decision *item = &out->items[out->count];
  item->what = what;
  WS_TRY(ws_arena_text(&out->arena, before, &item->before));
  WS_TRY(ws_arena_text(&out->arena, after, &item->after));
  out->count++;
  return WS_OK;
}

static ws_status compare_option(decisions *out, documents *sides, const char *name,
                                const char *what) {
  for (size_t s = 0; s < 2; s++) {
    ws_value options = ws_value_get(value_of(&sides[s].manifest), ws_text_of("options"));
    ws_value value = ws_value_is(options, WS_OBJECT)
                         ? ws_value_get(options, ws_text_of(name))
                         : (ws_value){NULL};
    if (!value.at) return WS_OK;
    sides[s].text.size = 0;
    WS_TRY(put_value(value, &sides[s].text));
  }
  return add(out, what, sides);
}

/* Another z alone is no other decision. */
static ws_status compare_branch(decisions *out, documents *sides) {
  run_branch branches[2];
  for (size_t s = 0; s < 2; s++) {
    run_branch *branch = &branches[s];
    *branch = read_branch(value_of(&sides[s].metrics));
    sides[s].text.size = 0;
    WS_TRY(ws_buffer_string(&sides[s].text, *branch->name ? branch->name : "none"));
    if (!isnan(branch->z))
      WS_TRY(ws_buffer_printf(&sides[s].text, " (median z %s, naive Bayes above %g)",
                              ws_gate_z_of(branch->z).text, WS_GATE_LEAST_Z));
  }
  return strcmp(branches[0].name, branches[1].name) == 0 ? WS_OK
                                                         : add(out, "classifier", sides);
}

static ws_status compare_all(decisions *out, documents *sides) {
  static const char *const options[][2] = {
      {"label_model", "label model"},
      {"class_balance", "class balance"},
      {"gold_rows", "gold labels in the label model"},
      {"select_lfs", "--select-lfs"},
      {"warm_start", "--warm-start"},
  };
  static const char *const of_training[][2] = {
      {"recipe", "--recipe"},       {"c", "C of the classifier"},
      {"hard", "--hard"},           {"min_confidence", "--min-confidence"},
      {"uncovered", "--uncovered"}, {"class_weight", "--class-weight"},
      {"weight", "--weight"},       {"hash_bits", "--hash-bits"},
      {"features", "features"},     {"model", "--model"},
      {"hidden", "--hidden"},
  };
  for (size_t i = 0; i < sizeof options / sizeof *options; i++)
    WS_TRY(compare_option(out, sides, options[i][0], options[i][1]));
  WS_TRY(compare_branch(out, sides));
  for (size_t i = 0; i < sizeof of_training / sizeof *of_training; i++)
    WS_TRY(compare_option(out, sides, of_training[i][0], of_training[i][1]));
  return WS_OK;
}

ws_status decisions_find(const char *before, const char *after, decisions *out,
                         ws_error *err) {
  documents sides[2] = {0};
  *out = (decisions){.count = 0};
  ws_status status = load(before, &sides[0], err);
  if (status == WS_OK) status = load(after, &sides[1], err);
  if (status == WS_OK && compare_all(out, sides) != WS_OK) status = ws_error_nomem(err);
  clear_documents(&sides[0]);
  clear_documents(&sides[1]);
  return status;
}

void decisions_clear(decisions *d) {
  ws_arena_clear(&d->arena);
}

/* --- what is said ------------------------------------------------------------------- */

void decisions_print(const decisions *d) {
  if (d->count)
    printf("\ndecided or told otherwise, which moves labels and scores, too\n");
  for (size_t i = 0; i < d->count; i++) {
    const decision *item = &d->items[i];
    prose_texts("    ",
                (ws_text[]){ws_text_of("  "), ws_text_of(item->what), ws_text_of(": "),
                            item->before, ws_text_of("; now "), item->after},
                6);
  }
}

void decisions_json(ws_json_writer *json, const decisions *d) {
  ws_json_key(json, "decisions");
  ws_json_open(json, '[');
  for (size_t i = 0; i < d->count; i++) {
    ws_json_open(json, '{');
    json_put_string(json, "what", d->items[i].what);
    json_put_text(json, "before", d->items[i].before);
    json_put_text(json, "after", d->items[i].after);
    ws_json_close(json, '}');
  }
  ws_json_close(json, ']');
}
