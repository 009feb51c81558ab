/* SPDX-License-Identifier: MIT
 *
 * Votes that are kept between runs give the same bytes as without, whatever is edited in
 * between.
 */
#include "../lf/lf_kept.h"

#include <weaksup/rng.h>
#include <weaksup/votes_file.h>

enum { LFS = 9, WORDS = 5 };

/* What a random LF does is told by one number; its kind by its index. Some fail. */
static void write_lfs(lf_kept *f, const unsigned *what, bool derived) {
  static const char *const words[WORDS] = {"red", "green", "blue", "dog", "cat"};
  ws_buffer lua = {0}, rules = {0};
  assert_ok(ws_buffer_printf(&lua, "function field.n(x) return #x.text %% %d end\n",
                             derived ? 3 : 2),
            NULL);
  for (unsigned j = 0; j < LFS; j++) {
    const char *word = words[what[j] % WORDS];
    const char *label = what[j] / WORDS % 2 ? "HAM" : "SPAM";
    if (j % 3 == 0)
      assert_ok(ws_buffer_printf(&rules, "r%u %s /%s/i\n", j, label, word), NULL);
    else if (j % 3 == 1)
      assert_ok(ws_buffer_printf(&lua,
                                 "function lf.f%u(x) if x.lower:find('%s') and x.n < %u "
                                 "then return %s end end\n",
                                 j, word, what[j] % 4, label),
                NULL);
    else
      assert_ok(ws_buffer_printf(&lua,
                                 "function lf.e%u(x) if x.text:find('%s') then return %s "
                                 "elseif %u == 9 then error('no') end end\n",
                                 j, word, label, what[j] % 12),
                NULL);
  }
  lf_file(&f->lf, "a.lua", lua.data);
  lf_file(&f->lf, "b.rules", rules.data);
  ws_buffer_clear(&lua);
  ws_buffer_clear(&rules);
}

static void write_data(lf_kept *f, ws_rng *rng) {
  static const char *const words[] = {"red", "Green", "blue", "dog", "CAT", "other", "x"};
  ws_buffer text = {0};
  for (unsigned i = 0; i < 400; i++) {
    for (unsigned n = 0; n < 3; n++)
      assert_ok(ws_buffer_printf(&text, "%s ", words[ws_rng_below(rng, 7)]), NULL);
    assert_ok(ws_buffer_string(&text, "\n"), NULL);
  }
  lf_data(&f->lf, "d.txt", text.data);
  ws_buffer_clear(&text);
}

static void put_report(const lf_kept *f, ws_buffer *out) {
  for (size_t j = 0; j < ws_apply_report_lfs(f->lf.report); j++)
    lf_kept_put_stats(ws_apply_report_at(f->lf.report, j), out);
}

/* The bytes of the votes, and what the report says. */
static void run(lf_kept *f, ws_cache *cache, unsigned workers, size_t chunk,
                ws_buffer *out) {
  out->size = 0;
  f->lf.apply.cache = cache;
  f->lf.apply.workers = workers;
  f->lf.apply.chunk = chunk;
  lf_kept_apply(f);
  assert_ok(ws_votes_encode(f->lf.votes, out), NULL);
  put_report(f, out);
}

static void any_edits_give_the_votes_that_running_all_gives(void **state) {
  lf_kept *f = *state;
  ws_rng rng;
  ws_buffer plain = {0}, kept = {0};
  unsigned what[LFS], steps = 24;
  size_t from_cache = 0;
  ws_rng_init(&rng, 7);
  for (unsigned j = 0; j < LFS; j++) what[j] = (unsigned)ws_rng_below(&rng, 60);
  write_data(f, &rng);
  for (unsigned step = 0; step < steps; step++) {
    unsigned edits = (unsigned)ws_rng_below(&rng, 3);
    for (unsigned i = 0; i < edits; i++)
      what[ws_rng_below(&rng, LFS)] = (unsigned)ws_rng_below(&rng, 60);
    if (step % 9 == 8) write_data(f, &rng);
    write_lfs(f, what, step % 8 < 4);
    ws_cache *cache = f->lf.apply.cache;
    run(f, NULL, 1 + step % 3, step % 4 * 50, &plain);
    run(f, cache, 1 + step % 2, step % 3 * 70, &kept);
    from_cache += ws_apply_report_cached(f->lf.report);
    assert_int_equal(kept.size, plain.size);
    assert_memory_equal(kept.data, plain.data, plain.size);
  }
  assert_true(from_cache > 0);
  assert_true(from_cache < steps * LFS);
  ws_buffer_clear(&plain);
  ws_buffer_clear(&kept);
}

/* Votes of every size of number: gaps of many records, many classes. */
static void far_apart_votes_of_many_classes(void **state) {
  lf_kept *f = *state;
  ws_buffer classes = {0}, text = {0}, rules = {0}, plain = {0}, kept = {0};
  for (int k = 0; k < 300; k++)
    assert_ok(ws_buffer_printf(&classes, "%sk%d", k ? "," : "", k), NULL);
  ws_task_free(f->lf.task);
  f->lf.task = ws_test_task(classes.data);
  for (int i = 0; i < 20000; i++) assert_ok(ws_buffer_printf(&text, "%d\n", i), NULL);
  for (int k = 0; k < 300; k += 23)
    assert_ok(ws_buffer_printf(&rules, "r%d k%d /^[0-9]?%d$/\n", k, k, k * 7), NULL);
  assert_ok(ws_buffer_string(&rules, "last k299 /^19999$/\nall k298 /./\n"), NULL);
  lf_data(&f->lf, "d.txt", text.data);
  lf_file(&f->lf, "a.rules", rules.data);
  ws_cache *cache = f->lf.apply.cache;
  run(f, cache, 2, 0, &plain);
  run(f, cache, 2, 0, &kept);
  assert_int_equal(ws_apply_report_cached(f->lf.report), 16);
  assert_int_equal(kept.size, plain.size);
  assert_memory_equal(kept.data, plain.data, plain.size);
  ws_buffer_clear(&classes), ws_buffer_clear(&text), ws_buffer_clear(&rules);
  ws_buffer_clear(&plain), ws_buffer_clear(&kept);
}

int main(int argc, char **argv) {
  LF_TEST_WORKER(argc, argv);
#define TEST(name) cmocka_unit_test_setup_teardown(name, lf_kept_setup, lf_kept_teardown)
  const struct CMUnitTest tests[] = {
      TEST(any_edits_give_the_votes_that_running_all_gives),
      TEST(far_apart_votes_of_many_classes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
