/* SPDX-License-Identifier: MIT
 *
 * Writing prompts: a walk over the nodes of a template. Values are put as they are and
 * never read again, so nothing in them can be taken for a placeholder.
 */
#include <weaksup/prompt.h>

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include <weaksup/lf_write.h>

#include "prompt_priv.h"

const char *ws_prompt_kind_name(ws_prompt_kind kind) {
  static const char *const names[] = {"mixed", "lua", "rules"};
  return kind < WS_PROMPT_KINDS ? names[kind] : "unknown";
}

bool ws_prompt_kind_of(ws_text name, ws_prompt_kind *out) {
  for (unsigned kind = 0; kind < WS_PROMPT_KINDS; kind++) {
    if (!ws_text_equals(name, ws_prompt_kind_name((ws_prompt_kind)kind))) continue;
    *out = (ws_prompt_kind)kind;
    return true;
  }
  return false;
}

const char *ws_prompt_variant_name(ws_prompt_variant variant) {
  static const char *const names[] = {"general",  "describe", "examples",
                                      "keywords", "rules",    "errors"};
  return variant < WS_PROMPT_VARIANTS ? names[variant] : "unknown";
}

ws_prompt_limits ws_prompt_limits_default(void) {
  return (ws_prompt_limits){
      .record = 500, .words = 2000, .line = 200, .items = 40, .existing = 200};
}

size_t ws_prompt_tokens(ws_text text) {
  return text.size / 4 + (text.size % 4 != 0);
}

bool ws_prompt_variant_fits(const ws_prompt_template *t, const ws_prompt_values *values,
                            ws_prompt_variant variant) {
  if (!ws_prompt_template_has(t, variant)) return false;
  if (variant == WS_PROMPT_EXAMPLES) return values->example_count > 0;
  if (variant == WS_PROMPT_ERRORS)
    return values->hard_count > 0 || values->rejection_count > 0;
  return variant != WS_PROMPT_RULES_OF || values->kind != WS_PROMPT_LUA;
}

ws_prompt_variant ws_prompt_variant_of(const ws_prompt_template *t,
                                       const ws_prompt_values *values, uint64_t round) {
  ws_prompt_variant fit[WS_PROMPT_VARIANTS];
  size_t count = 0;
  for (unsigned v = 0; v < WS_PROMPT_VARIANTS; v++)
    if (ws_prompt_variant_fits(t, values, (ws_prompt_variant)v))
      fit[count++] = (ws_prompt_variant)v;
  return count ? fit[round % count] : WS_PROMPT_GENERAL;
}

/* --- values --- */

typedef struct writing {
  const ws_prompt_template *t;
  const ws_prompt_values *v;
  const ws_prompt_limits *limits;
  ws_prompt *prompt;
  ws_buffer *out; // the system text, or the text
  ws__slot each;  // the list that an #each goes through
  size_t item;
} writing;

static size_t list_count(const writing *w, ws__slot list) {
  switch (list) {
  case WS__SLOT_CLASSES:
    return ws_task_classes(w->v->task);
  case WS__SLOT_UNLABELLED:
    return w->v->unlabelled_count;
  case WS__SLOT_EXAMPLES:
    return w->v->example_count;
  case WS__SLOT_EXISTING:
    return w->v->existing_count;
  case WS__SLOT_HARD:
    return w->v->hard_count;
  default:
    return w->v->rejection_count;
  }
}

/* How many of its items are written. */
static size_t list_most(const writing *w, ws__slot list) {
  if (list == WS__SLOT_CLASSES) return SIZE_MAX;
  return list == WS__SLOT_EXISTING ? w->limits->existing : w->limits->items;
}

static ws_status put_words(writing *w, ws_text text) {
  return ws__prompt_put(w->out, text, w->limits->words, false, &w->prompt->cut);
}

static ws_status put_line(writing *w, ws_text text) {
  return ws__prompt_put(w->out, text, w->limits->line, true, &w->prompt->cut);
}

/* Between the two marks. */
static ws_status put_data(writing *w, ws_text text, bool line) {
  const char *marker = w->prompt->marker;
  WS_TRY(ws_buffer_printf(w->out, "<%s>", marker));
  if (line)
    WS_TRY(put_line(w, text));
  else
    WS_TRY(ws__prompt_put(w->out, text, w->limits->record, false, &w->prompt->cut));
  return ws_buffer_printf(w->out, "</%s>", marker);
}

static ws_text item_text(const writing *w) {
  if (w->each == WS__SLOT_UNLABELLED) return w->v->unlabelled[w->item];
  if (w->each == WS__SLOT_EXAMPLES) return w->v->examples[w->item].text;
  return w->v->hard[w->item].text;
}

static ws_text item_name(const writing *w) {
  if (w->each == WS__SLOT_CLASSES) return ws_task_class(w->v->task, w->item);
  if (w->each == WS__SLOT_EXISTING) return w->v->existing[w->item].name;
  return w->v->rejections[w->item].name;
}

static ws_text label_name(const writing *w) {
  bool example = w->each == WS__SLOT_EXAMPLES;
  int32_t label = example ? w->v->examples[w->item].label : w->v->existing[w->item].label;
  if (label >= 0 && (size_t)label < ws_task_classes(w->v->task))
    return ws_task_class(w->v->task, (size_t)label);
  return ws_text_of(example ? "no class" : "several classes");
}

static ws_status put_share(writing *w, double share) {
  int tenths = (int)lround(fmin(fmax(share, 0), 1) * 1000);
  return ws_buffer_printf(w->out, "%d.%d %%", tenths / 10, tenths % 10);
}

/* The part of the card for the kinds that are asked for: rules come last in it. */
static ws_status put_card(writing *w) {
  bool rules = false;
  for (size_t i = 0; ws__card_lines[i]; i++) {
    const char *line = ws__card_lines[i];
    rules |= strncmp(line, "```rules", 8) == 0;
    if (w->v->kind != (rules ? WS_PROMPT_LUA : WS_PROMPT_RULES))
      WS_TRY(ws_buffer_string(w->out, line));
  }
  return WS_OK;
}

static ws_text task_words(const writing *w) {
  const char *words = ws_task_get(w->v->task, WS_TASK_TASK_TEXT);
  return ws_text_of(words ? words : "");
}

static ws_status put_item(writing *w, ws__slot slot) {
  switch (slot) {
  case WS__SLOT_NUMBER:
    return ws_buffer_printf(w->out, "%zu", w->item + 1);
  case WS__SLOT_NAME:
    return put_line(w, item_name(w));
  case WS__SLOT_DESCRIPTION:
    return put_words(w, ws_task_describe(w->v->task, w->item));
  case WS__SLOT_CONSTANT:
    return ws_lf_put_class(w->out, item_name(w), NULL);
  case WS__SLOT_RULE:
    return ws_lf_put_rule_class(w->out, w->v->task, (int32_t)w->item);
  case WS__SLOT_TEXT:
    return put_data(w, item_text(w), false);
  case WS__SLOT_LABEL:
    return put_line(w, label_name(w));
  case WS__SLOT_COVERAGE:
    return put_share(w, w->v->existing[w->item].coverage);
  case WS__SLOT_ACCURACY:
    return put_share(w, w->v->existing[w->item].accuracy);
  case WS__SLOT_VOTES:
    return ws_buffer_printf(w->out, "%" PRIu64, w->v->existing[w->item].votes);
  case WS__SLOT_RIGHT:
    return ws_buffer_printf(w->out, "%" PRIu64, w->v->existing[w->item].right);
  case WS__SLOT_WHY:
    return put_line(w, w->v->hard[w->item].why);
  default:
    return put_data(w, w->v->rejections[w->item].reason, true);
  }
}

static ws_status put_value(writing *w, ws__slot slot) {
  switch (slot) {
  case WS__SLOT_TASK:
    return put_words(w, task_words(w));
  case WS__SLOT_N:
    return ws_buffer_printf(w->out, "%zu", w->v->n);
  case WS__SLOT_KIND:
    return ws_buffer_string(w->out, ws_prompt_kind_name(w->v->kind));
  case WS__SLOT_VARIANT:
    return ws_buffer_string(w->out, ws_prompt_variant_name(w->v->variant));
  case WS__SLOT_CARD:
    return put_card(w);
  case WS__SLOT_MARKER:
    return ws_buffer_string(w->out, w->prompt->marker);
  case WS__SLOT_LUA_ASKED:
    return ws_buffer_string(w->out, w->v->kind == WS_PROMPT_RULES ? "no" : "yes");
  case WS__SLOT_RULES_ASKED:
    return ws_buffer_string(w->out, w->v->kind == WS_PROMPT_LUA ? "no" : "yes");
  case WS__SLOT_CONSTRAINED:
    return ws_buffer_string(w->out, w->v->constrained ? "yes" : "no");
  default:
    return put_item(w, slot);
  }
}

/* Whether there is anything to put. */
static bool is_there(const writing *w, ws__slot slot) {
  if (ws__slot_is_list(slot)) return list_count(w, slot) && list_most(w, slot);
  switch (slot) {
  case WS__SLOT_TASK:
    return task_words(w).size > 0;
  case WS__SLOT_N:
    return w->v->n > 0;
  case WS__SLOT_LUA_ASKED:
    return w->v->kind != WS_PROMPT_RULES;
  case WS__SLOT_RULES_ASKED:
    return w->v->kind != WS_PROMPT_LUA;
  case WS__SLOT_CONSTRAINED:
    return w->v->constrained;
  case WS__SLOT_DESCRIPTION:
    return ws_task_describe(w->v->task, w->item).size > 0;
  case WS__SLOT_COVERAGE:
    return !isnan(w->v->existing[w->item].coverage);
  case WS__SLOT_ACCURACY:
    return !isnan(w->v->existing[w->item].accuracy);
  case WS__SLOT_VOTES:
  case WS__SLOT_RIGHT:
    return w->v->existing[w->item].votes > 0;
  case WS__SLOT_WHY:
    return w->v->hard[w->item].why.size > 0;
  case WS__SLOT_REASON:
    return w->v->rejections[w->item].reason.size > 0;
  default:
    return true;
  }
}

/* --- the walk --- */

static ws_status write_nodes(writing *w, size_t from, size_t to);

static ws_status write_each(writing *w, size_t i) {
  const ws__node *node = &w->t->nodes[i];
  size_t count = list_count(w, (ws__slot)node->what);
  size_t most = list_most(w, (ws__slot)node->what);
  w->each = (ws__slot)node->what;
  for (w->item = 0; w->item < count && w->item < most; w->item++)
    WS_TRY(write_nodes(w, i + 1, node->end));
  w->prompt->cut += count > most ? count - most : 0;
  return WS_OK;
}

/* An IF ends at its ELSE, where it has one, which goes on until the end. */
static ws_status write_if(writing *w, size_t i, size_t *end) {
  const ws__node *node = &w->t->nodes[i];
  size_t other = node->end;
  bool two = w->t->nodes[other].kind == WS__NODE_ELSE;
  *end = two ? w->t->nodes[other].end : other;
  if (is_there(w, (ws__slot)node->what)) return write_nodes(w, i + 1, other);
  return two ? write_nodes(w, other + 1, *end) : WS_OK;
}

static ws_status write_system(writing *w, size_t i) {
  ws_buffer *outer = w->out;
  w->out = &w->prompt->system;
  ws_status status = write_nodes(w, i + 1, w->t->nodes[i].end);
  w->out = outer;
  return status;
}

/* Moves *i to the end of a section. */
static ws_status write_node(writing *w, size_t *i) {
  size_t at = *i;
  const ws__node *node = &w->t->nodes[at];
  if (node->kind >= WS__NODE_IF && node->kind <= WS__NODE_SYSTEM) *i = node->end;
  switch (node->kind) {
  case WS__NODE_TEXT:
    return ws_buffer_text(w->out, node->text);
  case WS__NODE_VALUE:
    return put_value(w, (ws__slot)node->what);
  case WS__NODE_IF:
    return write_if(w, at, i);
  case WS__NODE_EACH:
    return write_each(w, at);
  case WS__NODE_VARIANT:
    return node->what == w->v->variant ? write_nodes(w, at + 1, node->end) : WS_OK;
  case WS__NODE_SYSTEM:
    return write_system(w, at);
  default:
    return WS_OK;
  }
}

static ws_status write_nodes(writing *w, size_t from, size_t to) {
  for (size_t i = from; i < to; i++) WS_TRY(write_node(w, &i));
  return WS_OK;
}

static void sum_up(ws_prompt *prompt) {
  ws_text system = ws_buffer_as_text(&prompt->system);
  ws_text text = ws_buffer_as_text(&prompt->text);
  prompt->tokens = ws_prompt_tokens((ws_text){NULL, system.size + text.size});
  prompt->hash =
      ws_hash128_join(ws_hash128_of(system.size ? system.data : "", system.size),
                      ws_hash128_of(text.size ? text.data : "", text.size));
}

ws_status ws_prompt_write(const ws_prompt_template *t, const ws_prompt_values *values,
                          const ws_prompt_limits *limits, ws_prompt *out, ws_error *err) {
  ws_prompt_limits usual = ws_prompt_limits_default();
  ws_prompt prompt = {.cut = 0};
  writing w = {t, values, limits ? limits : &usual, &prompt, &prompt.text, 0, 0};
  ws__prompt_marker(values, w.limits, prompt.marker);
  if (write_nodes(&w, 0, t->count) != WS_OK) {
    ws_prompt_clear(&prompt);
    return ws_error_nomem(err);
  }
  sum_up(&prompt);
  ws_prompt_clear(out);
  *out = prompt;
  return WS_OK;
}

void ws_prompt_clear(ws_prompt *prompt) {
  ws_buffer_clear(&prompt->system);
  ws_buffer_clear(&prompt->text);
  *prompt = (ws_prompt){.cut = 0};
}
