/* SPDX-License-Identifier: MIT
 *
 * What a worker says about its folder, as the parent takes it: checked, for whoever wrote
 * it may be anybody.
 */
#include <math.h>
#include <stdio.h>

#include <weaksup/bytes.h>

#include "lf_set_priv.h"
#include "ws_test.h"

typedef struct said {
  const char *name;
  uint64_t kind;
  int32_t label;
  double prior;
  const char *field;
  uint64_t notes;   // how many it says there are
  ws_text note;     // each of them
  size_t cut_short; // bytes that are missing
} said;

static const said sound = {"a", WS_LF_LUA, 1, 0.9, "title", 2, {"lfs/a.lua:1: x", 14}, 0};

static void put(ws_buffer *out, uint64_t number) {
  assert_ok(ws_bytes_put(out, number, 8), NULL);
}

static void put_text(ws_buffer *out, ws_text text) {
  assert_ok(ws_bytes_put_text(out, text), NULL);
}

static ws_status take(ws_lf_set *set, const said *s, ws_error *err) {
  ws_buffer wire = {0};
  uint64_t prior;
  memcpy(&prior, &s->prior, sizeof prior);
  put(&wire, WS_OK);
  put_text(&wire, ws_text_of("0123456789abcdef0123456789abcdef"));
  put(&wire, 1);
  put(&wire, 0); // problems
  put_text(&wire, ws_text_of(s->name));
  put_text(&wire, ws_text_of("lfs/a.lua"));
  put(&wire, s->kind);
  put(&wire, 1);
  put(&wire, (uint32_t)s->label);
  for (int i = 0; i < 4; i++) put(&wire, 7); // its keys
  put(&wire, prior);
  put_text(&wire, ws_text_of(s->field));
  put(&wire, s->notes);
  for (uint64_t i = 0; i < s->notes && i < 200; i++) put_text(&wire, s->note);
  wire.size -= s->cut_short;
  ws_status status = ws__lf_set_read(set, ws_buffer_as_text(&wire), false, err);
  ws_buffer_clear(&wire);
  return status;
}

static void refused(const said *s) {
  ws_lf_set set = {.task = ws_test_task("HAM,SPAM")};
  ws_error err = WS_ERROR_INIT;
  assert_int_equal(take(&set, s, &err), WS_ELF);
  assert_message(&err, "a worker process sent something unexpected");
  ws_arena_clear(&set.arena);
  ws_task_free((ws_task *)(uintptr_t)set.task);
}

static void a_sound_one_is_taken(void **state) {
  (void)state;
  ws_lf_set set = {.task = ws_test_task("HAM,SPAM")};
  ws_error err = WS_ERROR_INIT;
  assert_ok(take(&set, &sound, &err), &err);
  assert_int_equal(ws_lf_set_count(&set), 1);
  assert_int_equal(ws_lf_set_at(&set, 0)->label, 1);
  assert_near(ws_lf_set_at(&set, 0)->prior, 0.9, 0);
  assert_true(ws_text_equals(ws_lf_set_at(&set, 0)->field, "title"));
  assert_int_equal(ws_lf_set_notes(&set), 2);
  assert_string_equal(ws_lf_set_note(&set, 1), "lfs/a.lua:1: x");
  ws_arena_clear(&set.arena);
  ws_task_free((ws_task *)(uintptr_t)set.task);
}

static void notes_are_cleaned(void **state) {
  (void)state;
  said s = sound;
  ws_lf_set set = {.task = ws_test_task("HAM,SPAM")};
  s.note = ws_text_of("\x1b[2J a\nb\x7f \xC3\xA4\xC2\x9B"); // the last one: a C1 control
  assert_ok(take(&set, &s, NULL), NULL);
  assert_string_equal(ws_lf_set_note(&set, 0), "?[2J a?b? \xC3\xA4??");
  ws_arena_clear(&set.arena);
  ws_task_free((ws_task *)(uintptr_t)set.task);
}

static void wrong_labels_and_priors_are_refused(void **state) {
  (void)state;
  const double priors[] = {1, -0.5, 1.5, (double)NAN, (double)INFINITY};
  said s = sound;
  for (size_t i = 0; i < sizeof priors / sizeof *priors; i++) {
    s.prior = priors[i];
    refused(&s);
  }
  s = sound;
  s.label = 2;
  refused(&s);
  s.label = -2;
  refused(&s);
  s.label = WS_ABSTAIN;
  s.kind = WS_LF_RULE;
  refused(&s);
  s = sound;
  s.kind = 3;
  refused(&s);
  s = sound;
  s.name = "a b";
  refused(&s);
  s = sound;
  s.field = "\xff";
  refused(&s);
}

static void wrong_notes_are_refused(void **state) {
  (void)state;
  static char many[WS__NOTE_SIZE + 1];
  said s = sound;
  s.notes = WS__NOTES_MAX + 1;
  refused(&s);
  s.notes = UINT64_MAX;
  refused(&s);
  s = sound;
  s.note = (ws_text){"a\0b", 3};
  refused(&s);
  s.note = ws_text_of("\xff");
  refused(&s);
  memset(many, 'x', sizeof many);
  s.note = (ws_text){many, sizeof many};
  refused(&s);
  s = sound;
  for (s.cut_short = 1; s.cut_short < 40; s.cut_short++) refused(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_sound_one_is_taken),
      cmocka_unit_test(notes_are_cleaned),
      cmocka_unit_test(wrong_labels_and_priors_are_refused),
      cmocka_unit_test(wrong_notes_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
