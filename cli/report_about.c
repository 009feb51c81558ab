/* SPDX-License-Identifier: MIT
 *
 * The last sections: what the label model changes, what the classifier learned, and where
 * the run comes from.
 */
#include <math.h>
#include <stdio.h>

#include <weaksup/alloc.h>
#include <weaksup/export.h>

#include "report_page.h"

enum { PAIRS_MOST = 20, FEATURES_USUAL = 12, FEATURES_MOST = 200 };

/* --- against majority vote ---------------------------------------------------------- */

static void put_change(html *h, const report *r, const ws_label_change *change) {
  char digits[24];
  html_raw(h, "<tr><td class=\"text\">");
  if (change->from == WS_ABSTAIN)
    html_raw(h, "a tie");
  else
    page_class(h, r, change->from);
  html_raw(h, "</td><td class=\"text\">");
  if (change->to == WS_ABSTAIN)
    html_raw(h, "a tie");
  else
    page_class(h, r, change->to);
  html_raw(h, "</td><td>");
  html_count(h, change->count);
  html_raw(h, "</td><td>");
  page_share(h, (double)change->count / (double)r->changes.covered, "ink");
  html_raw(h, "</td><td class=\"text ids\">");
  for (size_t e = 0; e < change->example_count; e++) {
    if (e) html_raw(h, ", ");
    html_name(h, ws_votes_row_id(r->votes, change->examples[e], digits));
  }
  html_raw(h, "</td></tr>\n");
}

void report_flips(html *h, const report *r) {
  const ws_label_changes *c = &r->changes;
  html_raw(h, "<p>Of ");
  html_count(h, c->covered);
  html_raw(h, " records with votes the label model gives ");
  html_count(h, c->flipped);
  html_raw(h, " another label than their majority, settles ");
  html_count(h, c->settled);
  html_raw(h, c->settled == 1 ? " tie, and leaves " : " ties, and leaves ");
  html_count(h, c->lost);
  html_raw(h, c->lost == 1 ? " majority as a tie." : " majorities as ties.");
  html_raw(h, " Where many labels flip without gold labels to show "
              "that this helps, <a href=\"#ex-flip\">look at some</a>.</p>\n");
  if (c->pair_count == 0) return;
  page_scroll(h, "Changed labels");
  html_raw(h, "<table class=\"plain\"><caption>Changed labels</caption><thead><tr>"
              "<th scope=\"col\" class=\"text\">majority vote</th>"
              "<th scope=\"col\" class=\"text\">label model</th>"
              "<th scope=\"col\">records</th><th scope=\"col\">of those with votes</th>"
              "<th scope=\"col\" class=\"text\">such as</th></tr></thead>\n<tbody>\n");
  for (size_t i = 0; i < c->pair_count && i < PAIRS_MOST; i++)
    put_change(h, r, &c->pairs[i]);
  html_raw(h, "</tbody></table>\n</div>\n");
  if (c->pair_count > PAIRS_MOST)
    html_format(h, "<p class=\"note\">%zu more pairs of classes.</p>\n",
                c->pair_count - PAIRS_MOST);
}

/* --- features ----------------------------------------------------------------------- */

/* Blanks at the ends would not be seen: a sign stands for them. */
static void put_feature_name(html *h, ws_text name) {
  bool before = name.size && name.data[0] == ' ';
  bool behind = name.size > 1 && name.data[name.size - 1] == ' ';
  html_raw(h, before ? "<bdi><span class=\"cc\">\xE2\x90\xA3</span>" : "<bdi>");
  html_shown(h, (ws_text){name.data + before, name.size - before - behind});
  html_raw(h, behind ? "<span class=\"cc\">\xE2\x90\xA3</span></bdi>" : "</bdi>");
}

static void put_features(html *h, const report *r, size_t k, ws_strong_feature *features,
                         size_t most) {
  size_t count;
  char colour[8];
  snprintf(colour, sizeof colour, "k%u", page_colour(k));
  if (ws_classifier_strongest(r->classifier, k, most, features, &count) != WS_OK) {
    h->status = WS_ENOMEM;
    return;
  }
  html_raw(h, "<table class=\"plain\"><caption>");
  page_class(h, r, (int32_t)k);
  html_raw(h, "</caption><thead class=\"quiet\"><tr><th scope=\"col\" class=\"text\">"
              "feature</th><th scope=\"col\">weight</th></tr></thead><tbody>\n");
  for (size_t i = 0; i < count; i++) {
    html_raw(h, "<tr><th scope=\"row\" class=\"text\">");
    put_feature_name(h, features[i].name);
    html_raw(h, "</th><td>");
    page_bar(h, features[i].weight / features[0].weight, colour);
    html_format(h, "<span class=\"v\">%.2f</span></td></tr>\n", features[i].weight);
  }
  if (count == 0)
    html_raw(h, "<tr><td colspan=\"2\">no feature of it has a name</td></tr>\n");
  html_raw(h, "</tbody></table>\n");
}

void report_features(html *h, const report *r) {
  size_t most = r->o->top ? (size_t)r->o->top : FEATURES_USUAL;
  if (most > FEATURES_MOST) most = FEATURES_MOST;
  if (!r->classifier) {
    html_raw(h, "<p>The run has no classifier: it was made with "
                "<code>--no-classifier</code>, or from records without texts.</p>\n");
    return;
  }
  html_raw(h, "<p>What speaks for each class most in the classifier. A feature that "
              "belongs to the collection and not to the class (a name, a date, a stray "
              "tag) is something that the classifier learned from your labeling "
              "functions: mend them, or the data.</p>\n");
  ws_strong_feature *features = ws_alloc_array(most, sizeof *features);
  if (!features) {
    h->status = WS_ENOMEM;
    return;
  }
  html_raw(h, "<div class=\"columns\">\n");
  size_t K = ws_classifier_classes(r->classifier);
  for (size_t k = 0; k < K && k < REPORT_CLASSES; k++)
    put_features(h, r, k, features, most);
  html_raw(h, "</div>\n");
  if (K > REPORT_CLASSES)
    html_format(h,
                "<p class=\"note\">The first %d of %zu classes: <code>weaksup inspect"
                "</code> lists all.</p>\n",
                (int)REPORT_CLASSES, K);
  ws_free(features);
}

/* --- the run ------------------------------------------------------------------------ */

static void put_fact(html *h, const char *name, ws_text value) {
  if (value.size == 0) return;
  html_format(h, "<div><dt>%s</dt><dd>", name);
  html_shown(h, value);
  html_raw(h, "</dd></div>\n");
}

static void put_file(html *h, const report *r, const char *set, const char *name) {
  ws_value object = ws_value_get(r->manifest, ws_text_of(set));
  if (!ws_value_is(object, WS_OBJECT)) return;
  double records = page_number_of(object, "records");
  html_format(h, "<div><dt>%s</dt><dd>", name);
  html_shown(h, page_text_of(object, "path"));
  if (!isnan(records)) {
    html_raw(h, ", ");
    html_count(h, (uint64_t)records);
    html_raw(h, " records");
  }
  html_raw(h, "<br><code>xxh3 ");
  html_text(h, page_text_of(object, "xxh3"));
  html_raw(h, "</code></dd></div>\n");
}

/* What made the classifier, as far as it is not as usual; its features always. */
static void put_training(html *h, ws_value how) {
  double hidden = page_number_of(how, "hidden"),
         least = page_number_of(how, "min_confidence");
  put_fact(h, "features", page_text_of(how, "features"));
  put_fact(h, "model", page_text_of(how, "model"));
  if (!isnan(hidden))
    html_format(h, "<div><dt>hidden units</dt><dd>%.0f</dd></div>\n", hidden);
  put_fact(h, "training recipe", page_text_of(how, "recipe"));
  if (page_is_true(how, "hard"))
    put_fact(h, "trained on", ws_text_of("most probable classes"));
  if (least > 0)
    html_format(h, "<div><dt>least probability</dt><dd>%g</dd></div>\n", least);
  if (page_is_true(how, "uncovered"))
    put_fact(h, "uncovered records", ws_text_of("at the classes' shares"));
  put_fact(h, "class weights", page_text_of(how, "class_weight"));
  put_fact(h, "weights of records", page_text_of(how, "weight"));
}

void report_about(html *h, const report *r) {
  ws_value how = ws_value_get(r->manifest, ws_text_of("options"));
  double seed = page_number_of(how, "seed");
  html_raw(h, "<dl class=\"facts\">\n");
  put_fact(h, "made", page_text_of(r->manifest, "created"));
  put_fact(h, "weaksup", page_text_of(r->manifest, "weaksup"));
  put_file(h, r, "lfs", "labeling functions");
  put_file(h, r, "data", "data");
  put_file(h, r, "dev", "dev");
  put_file(h, r, "test", "test");
  put_fact(h, "text field", ws_text_of(ws_task_get(r->task, WS_TASK_TEXT)));
  put_fact(h, "gold field", ws_text_of(ws_task_get(r->task, WS_TASK_GOLD)));
  if (!isnan(seed)) html_format(h, "<div><dt>seed</dt><dd>%.0f</dd></div>\n", seed);
  put_training(h, how);
  html_raw(h, "</dl>\n<p>This page needs no other file, loads nothing, and is the same, "
              "to the byte, each time it is made from the same run, data and labeling "
              "functions.</p>\n");
}
