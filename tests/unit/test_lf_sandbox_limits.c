/* SPDX-License-Identifier: MIT
 *
 * Limits of time and memory on code in LFs: not caught, and fresh for each call.
 */
#define _XOPEN_SOURCE 700 // setitimer
#include "../lf/lf_engine.h"

#include <signal.h>
#include <sys/time.h>

static void memory_is_limited_and_comes_back(void **state) {
  lf_engine *e = *state;
  for (int i = 0; i < 2; i++) {
    lf_expect_error(e, "local t = {} while true do t[#t + 1] = {} end",
                    "16 MiB of memory");
    lf_expect_error(e, "while true do pcall(string.rep, 'x', 1e8) end",
                    "16 MiB of memory");
    lf_expect_error(e, "local s = 'x' while true do s = s .. s end", "16 MiB of memory");
    assert_int_equal(lf_engine_run(e, "return SPAM"), 1);
  }
  assert_int_equal(lf_engine_run(e, "if (''):rep(1 << 60) == '' then return SPAM end"),
                   1);
  assert_int_equal(
      lf_engine_run(e, "if ('ab'):rep(2, '-') == 'ab-ab' then return SPAM end"), 1);
  assert_int_equal(lf_engine_run(e, "return pcall(error, 'a') and HAM or SPAM"), 1);
}

static ws__lua *to_expire;

static void on_alarm(int signal_number) {
  (void)signal_number;
  ws__lua_expire(to_expire);
}

static void the_time_limit_is_not_caught(void **state) {
  lf_engine *e = *state;
  lf_file(&e->f, "a.lua",
          "function lf.it(x) while true do pcall(function() while true do end "
          "end) end end\nfunction lf.two(x) return SPAM end");
  assert_ok(lf_engine_load(e), &e->err);
  lf_engine_take(e, "{\"text\": \"\"}");
  to_expire = ws__program_lua(e->program);
  signal(SIGALRM, on_alarm);
  struct itimerval soon = {{0, 0}, {0, 20000}};
  assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
  assert_int_equal(ws__program_vote(e->program, 0, &e->err),
                   ws__vote_failed(WS_LF_ERROR_CPU));
  assert_message(&e->err, "in 'it': took more than 1000 ms of CPU time");
  assert_int_equal(ws__program_vote(e->program, 1, &e->err), 1);
}

/* An allocator under which time runs out whenever something is freed. */
static void *expire_on_free(void *user, void *ptr, size_t size) {
  if (size) return realloc(ptr, size);
  ws__lua_expire(user);
  free(ptr);
  return NULL;
}

/* Garbage is collected at the end of a call, which may be when its time runs out. */
static void the_next_call_has_a_time_of_its_own(void **state) {
  lf_engine *e = *state;
  lf_file(&e->f, "a.lua",
          "function lf.it(x) local t = {} for i = 1, 1e5 do t[i] = { i } end return SPAM "
          "end\nfunction lf.two(x) return SPAM end");
  assert_ok(lf_engine_load(e), &e->err);
  lf_engine_take(e, "{\"text\": \"\"}");
  ws_set_allocator(expire_on_free, ws__program_lua(e->program));
  int32_t vote = ws__program_vote(e->program, 0, &e->err);
  ws_set_allocator(NULL, NULL);
  assert_int_equal(vote, 1);
  assert_int_equal(ws__program_vote(e->program, 1, &e->err), 1);
}

static void a_limit_that_is_hit_between_calls_does_not_hit_the_next(void **state) {
  lf_engine *e = *state;
  assert_int_equal(lf_engine_run(e, "for i = 1, 1000 do pcall(error) end return SPAM"),
                   1);
  ws__lua_expire(ws__program_lua(e->program)); // while garbage is collected, say
  assert_int_equal(ws__program_vote(e->program, 0, &e->err), 1);
}

static ws_status load_program(void *user) {
  lf_engine *e = user;
  ws_status status = lf_engine_load(e);
  ws__program_free(e->program);
  e->program = NULL;
  // Lua reports its own lack of memory as a file that needs too much of it.
  return status == WS_ELF && strstr(e->err.message, "MiB of memory") ? WS_ENOMEM : status;
}

static void lack_of_memory_is_survived(void **state) {
  lf_engine *e = *state;
  lf_file(&e->f, "w.txt", "one\ntwo\n");
  lf_file(&e->f, "a.rules", "r SPAM /x/i\ns HAM @w.txt\nt HAM f ~ /x/");
  lf_file(&e->f, "b.lua",
          "local p = rx('a', 'i')\nlocal t = {a = {1, 2}}\nlf.a = keywords(HAM, lines "
          "'w.txt')\n"
          "function field.w(x) return words(x.lower) end\nfunction lf.b(x) return t.a[1] "
          "end\n");
  ws_test_every_allocation_failure(load_program, e);
}

int main(void) {
#define TEST(name)                                                                       \
  cmocka_unit_test_setup_teardown(name, lf_engine_setup, lf_engine_teardown)
  const struct CMUnitTest tests[] = {
      TEST(memory_is_limited_and_comes_back),
      TEST(the_time_limit_is_not_caught),
      TEST(the_next_call_has_a_time_of_its_own),
      TEST(a_limit_that_is_hit_between_calls_does_not_hit_the_next),
      TEST(lack_of_memory_is_survived),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
