/* SPDX-License-Identifier: MIT
 *
 * The Lua file of a new task: a derived field, a labeling function that uses it, and how
 * to look at other fields. It calls no helper that a class's name may hide.
 */
#include <stdio.h>

#include <weaksup/lf_write.h>

#include "init.h"
#include "init_mark.h"

static bool is_class(init *in, const char *name) {
  for (size_t k = 0; k < in->class_count; k++)
    if (ws_text_equals(in->classes[k].name, name)) return true;
  return false;
}

/* A derived field may not have the name of a field of the data. */
static const char *derived_name(init *in) {
  static const char *const names[] = {"words", "word_list", "the_words", "words_of_text"};
  size_t i = 0;
  while (i < 3 && ws_field_survey_find(in->survey, ws_text_of(names[i]))) i++;
  return names[i];
}

static ws_status put_derived(init *in, const char *name, ws_buffer *out) {
  WS_TRY(ws_buffer_printf(
      out,
      "\n-- A derived field, x.%s: computed once for each record, however many functions "
      "use it.\nfunction field.%s(x)\n",
      name, name));
  if (!is_class(in, "words"))
    return ws_buffer_string(out, "  return words(x.lower)\nend\n");
  return ws_buffer_string(out,
                          "  local found = {} -- the class 'words' hides the helper\n"
                          "  for word in x.lower:gmatch(\"[%w_\\128-\\255]+\") do\n"
                          "    found[#found + 1] = word\n"
                          "  end\n"
                          "  return found\nend\n");
}

static ws_status put_class_words(init *in, size_t k, ws_buffer *out) {
  ws_text word;
  WS_TRY(ws_buffer_string(out, "  { class = "));
  WS_TRY(init_put_lua_class(out, in->classes[k].name));
  WS_TRY(ws_buffer_string(out, ", words = { "));
  for (size_t i = 0; init_word(&in->classes[k], 2, i, &word); i++) {
    WS_TRY(ws_buffer_string(out, i ? ", [" : "["));
    WS_TRY(ws_lf_put_string(out, word));
    WS_TRY(ws_buffer_string(out, "] = true"));
  }
  return ws_buffer_string(out, " } },\n");
}

static ws_status put_tests(init *in, ws_buffer *out) {
  enum { TESTS = 3 };
  ws_text word;
  for (size_t k = 0; k < init_lf_classes(in) && k < TESTS; k++) {
    if (!init_word(&in->classes[k], 2, 0, &word)) continue;
    WS_TRY(ws_buffer_string(out, "--- @test "));
    WS_TRY(init_put_json(out, word));
    WS_TRY(ws_buffer_string(out, " -> "));
    WS_TRY(ws_lf_put_test_class(out, in->task, (int32_t)k));
    WS_TRY(ws_buffer_string(out, "\n"));
  }
  return ws_buffer_string(out, "--- @test \"\" -> ABSTAIN\n");
}

static ws_status put_function(const char *derived, ws_buffer *out) {
  return ws_buffer_printf(out,
                          "function lf.most_words(x)\n"
                          "  local best, most = ABSTAIN, 0\n"
                          "  for i = 1, #telling do\n"
                          "    local entry, found = telling[i], 0\n"
                          "    for j = 1, #x.%s do\n"
                          "      if entry.words[x.%s[j]] then found = found + 1 end\n"
                          "    end\n"
                          "    if found > most then\n"
                          "      best, most = entry.class, found\n"
                          "    elseif found == most then\n"
                          "      best = ABSTAIN -- a tie\n"
                          "    end\n"
                          "  end\n"
                          "  return best\n"
                          "end\n",
                          derived, derived);
}

/* Another field of the data, one whose value can be compared, if there is one. */
static const ws_field_info *other_field(init *in) {
  for (size_t i = 0; i < ws_field_survey_count(in->survey); i++) {
    const ws_field_info *field = ws_field_survey_at(in->survey, i);
    bool known = ws_text_equals(field->name, in->text) ||
                 (in->id && ws_text_equals(field->name, in->id)) ||
                 (in->gold && ws_text_equals(field->name, in->gold));
    if (!known && field->filled && field->texts + field->integers == field->filled)
      return field;
  }
  return NULL;
}

static ws_status put_value(const ws_field_info *field, ws_buffer *out) {
  enum { MOST = 60 };
  if (!field) return ws_buffer_string(out, "\"the shop\"");
  if (ws_value_type(field->example) == WS_INT)
    return ws_buffer_printf(out, "%lld", (long long)ws_value_int(field->example));
  ws_text value = ws_value_text(field->example);
  if (value.size > MOST) value = ws_text_of("some value");
  return ws_lf_put_string(out, value);
}

/* A comment: which value of a field tells which class, only a person knows. */
static ws_status put_field_access(init *in, ws_buffer *out) {
  const ws_field_info *field = other_field(in);
  WS_TRY(ws_buffer_string(
      out, "\n-- Every field of a record can be looked at; it is nil where a record has "
           "none. An example to change:\n--\n-- function lf.by_field(x)\n--   if x["));
  WS_TRY(ws_lf_put_string(out, field ? field->name : ws_text_of("author")));
  WS_TRY(ws_buffer_string(out, "] == "));
  WS_TRY(put_value(field, out));
  WS_TRY(ws_buffer_string(out, " then return "));
  WS_TRY(init_put_lua_class(out, in->classes[0].name));
  return ws_buffer_string(out, " end\n-- end\n");
}

static ws_status put_source(init *in, ws_buffer *out) {
  if (!in->words_by_gold)
    return ws_buffer_string(out, "-- " INIT_PLACEHOLDERS ": words that are frequent, "
                                 "dealt out blindly. Replace them, and take out\n"
                                 "-- this comment.\n");
  return ws_buffer_string(out, "-- Chosen by the gold labels, as first.rules says: other "
                               "words than there.\n");
}

ws_status init_put_lua(init *in, ws_buffer *out) {
  const char *derived = derived_name(in);
  WS_TRY(ws_buffer_string(out, "-- Labeling functions in Lua 5.4: `function lf.NAME(x)` "
                               "looks at a record and returns a class, or\n-- nothing "
                               "where it does not know. x.text is the text, x.lower the "
                               "same in lower case.\n"));
  WS_TRY(put_derived(in, derived, out));
  WS_TRY(ws_buffer_string(out, "\n"));
  WS_TRY(put_source(in, out));
  WS_TRY(ws_buffer_string(out, "local telling = {\n"));
  for (size_t k = 0; k < init_lf_classes(in); k++) WS_TRY(put_class_words(in, k, out));
  WS_TRY(
      ws_buffer_string(out, "}\n\n-- The class of whose words most are in the text.\n"));
  WS_TRY(put_tests(in, out));
  WS_TRY(put_function(derived, out));
  return put_field_access(in, out);
}
