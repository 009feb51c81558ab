/* SPDX-License-Identifier: MIT
 *
 * Requests that are sent ahead: several at once, and what comes of them is what comes of
 * them one by one.
 */
#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "chat_test.h"

enum { REQUESTS = 24 };

typedef struct place {
  char *folder;
  char record[300];
  char command[1200];
  char prompts[REQUESTS][16];
  asked got[REQUESTS];
  unsigned jobs;
} place;

static int set_up(void **state) {
  place *p = *state = calloc(1, sizeof *p);
  assert_non_null(p);
  p->folder = ws_test_folder();
  snprintf(p->record, sizeof p->record, "%s/record", p->folder);
  for (int i = 0; i < REQUESTS; i++)
    snprintf(p->prompts[i], sizeof p->prompts[i], "%d", i);
  return 0;
}

static int tear_down(void **state) {
  place *p = *state;
  ws_test_remove_folder(p->folder);
  free(p);
  return 0;
}

static size_t entries_in(const char *path) {
  size_t count = 0;
  DIR *folder = opendir(path);
  if (!folder) return 0;
  for (struct dirent *entry; (entry = readdir(folder));) count += entry->d_name[0] != '.';
  closedir(folder);
  return count;
}

static void make_folder(const place *p, const char *name) {
  char path[400];
  snprintf(path, sizeof path, "%s/%s", p->folder, name);
  assert_int_equal(mkdir(path, 0700), 0);
}

static ws_chat_options options_of(const place *p) {
  ws_chat_options options = ws_chat_options_default();
  options.command = p->command;
  options.model = "m";
  options.price_input = options.price_output = 1000;
  options.jobs = p->jobs;
  return options;
}

/* Asks for all, those behind ahead; returns how many there were replies to before the
 * first failure. */
static size_t ask_all(place *p, ws_chat *chat) {
  size_t next = 0, i;
  for (i = 0; i < REQUESTS; i++) {
    ws_chat_request request = chat_prompt(p->prompts[i]);
    for (; next < REQUESTS; next++) {
      ws_chat_request ahead = chat_prompt(p->prompts[next]);
      if (!ws_chat_begin(chat, &ahead)) break;
    }
    if (next <= i) next = i + 1;
    p->got[i] = chat_ask(chat, &request);
    if (p->got[i].status != WS_OK) break;
  }
  return i;
}

static void what_comes_is_the_same_for_any_number(void **state) {
  place *p = *state;
  static asked alone[REQUESTS];
  snprintf(p->command, sizeof p->command,
           "read n; sleep 0.0$((9 - n %% 10)); echo \"reply to $n\"; [ $n != 20 ]");
  for (p->jobs = 1; p->jobs <= 16; p->jobs *= 4) {
    ws_chat_options options = options_of(p);
    ws_chat *chat = chat_open(&options);
    assert_int_equal(ask_all(p, chat), 20);
    if (p->jobs == 1) memcpy(alone, p->got, sizeof alone);
    for (size_t i = 0; i <= 20; i++) {
      assert_string_equal(p->got[i].text, alone[i].text);
      assert_int_equal(p->got[i].status, alone[i].status);
      assert_string_equal(p->got[i].err.message, alone[i].err.message);
      assert_int_equal(p->got[i].failure, alone[i].failure);
      assert_memory_equal(&p->got[i].account, &alone[i].account, sizeof alone[i].account);
    }
    ws_chat_free(chat);
  }
}

/* Each waits until three others are there, which it would in vain if it were alone. */
static void as_many_are_on_their_way_as_was_said(void **state) {
  place *p = *state;
  p->jobs = 4;
  make_folder(p, "there");
  make_folder(p, "busy");
  snprintf(p->command, sizeof p->command,
           "read n; : >%s/there/$n; : >%s/busy/$n; i=0; "
           "while [ $(ls %s/there | wc -l) -lt 4 ] && [ $i -lt 200 ]; do sleep 0.05; "
           "i=$((i + 1)); done; sleep 0.02; ls %s/busy | wc -l; rm %s/busy/$n",
           p->folder, p->folder, p->folder, p->folder, p->folder);
  ws_chat_options options = options_of(p);
  ws_chat *chat = chat_open(&options);
  assert_int_equal(ask_all(p, chat), REQUESTS);
  size_t most = 0;
  for (size_t i = 0; i < REQUESTS; i++) {
    size_t busy = (size_t)atoi(p->got[i].text);
    assert_true(busy <= 4);
    if (busy > most) most = busy;
  }
  assert_int_equal(most, 4);
  ws_chat_free(chat);
}

/* A request may use 9 + 100 tokens, and uses 9 + 1. */
static void the_budget_ends_the_work_where_it_ends_alone(void **state) {
  place *p = *state;
  make_folder(p, "asked");
  snprintf(p->command, sizeof p->command, "read n; : >%s/asked/$n; echo abc", p->folder);
  for (p->jobs = 1; p->jobs <= 8; p->jobs *= 8) {
    ws_chat_options options = options_of(p);
    options.budget_tokens = 250;
    ws_chat *chat = chat_open(&options);
    size_t replies = ask_all(p, chat);
    assert_int_equal(replies, 15);
    assert_int_equal(p->got[replies].failure, WS_CHAT_BUDGET);
    assert_int_equal(ws_chat_account_of(chat).replies, replies);
    ws_chat_free(chat);
    char path[400];
    snprintf(path, sizeof path, "%s/asked", p->folder);
    assert_int_equal(entries_in(path), replies); // nobody was asked for nothing
    options.budget_tokens = UINT64_MAX;
    options.budget_usd = 0.250;
    chat = chat_open(&options);
    assert_int_equal(ask_all(p, chat), 15);
    ws_chat_free(chat);
    assert_int_equal(entries_in(path), replies);
  }
}

static void wait_for_entries(const char *path, size_t count) {
  const struct timespec pause = {0, 20000000};
  for (int i = 0; i < 500 && entries_in(path) < count; i++) nanosleep(&pause, NULL);
  assert_int_equal(entries_in(path), count);
}

/* What was paid for is there when the work is taken up again. */
static void what_comes_is_recorded_at_once(void **state) {
  place *p = *state;
  p->jobs = 3;
  snprintf(p->command, sizeof p->command, "cat");
  ws_chat_options options = options_of(p);
  options.record = p->record;
  ws_chat *chat = chat_open(&options);
  for (size_t i = 0; i < 5; i++) {
    ws_chat_request request = chat_prompt(p->prompts[i]);
    assert_true(ws_chat_begin(chat, &request));
    assert_true(ws_chat_begin(chat, &request)); // it was begun
  }
  wait_for_entries(p->record, 5);
  assert_int_equal(ws_chat_account_of(chat).replies, 0); // nobody took them
  ws_chat_free(chat);
  options.command = "exit 1";
  chat = chat_open(&options);
  for (size_t i = 0; i < 5; i++) {
    ws_chat_request request = chat_prompt(p->prompts[i]);
    assert_true(ws_chat_begin(chat, &request)); // nothing is to be asked
    asked a = chat_ask(chat, &request);
    assert_ok(a.status, &a.err);
    assert_string_equal(a.text, p->prompts[i]);
  }
  assert_int_equal(ws_chat_account_of(chat).recorded, 5);
  ws_chat_free(chat);
}

static void what_cannot_be_recorded_is_paid_for_and_fails(void **state) {
  place *p = *state;
  p->jobs = 2;
  // the folder goes while the command runs
  snprintf(p->command, sizeof p->command, "rmdir %s; cat", p->record);
  ws_chat_options options = options_of(p);
  options.record = p->record;
  ws_chat *chat = chat_open(&options);
  ws_chat_request request = chat_prompt("x");
  assert_true(ws_chat_begin(chat, &request));
  asked a = chat_ask(chat, &request);
  assert_int_equal(a.status, WS_EIO);
  assert_int_equal(ws_chat_account_of(chat).replies, 1);
  assert_int_equal(ws_chat_account_of(chat).failed, 1);
  ws_chat_free(chat);
}

/* --- stopping --- */

static void what_is_on_its_way_ends_with_the_conversation(void **state) {
  place *p = *state;
  p->jobs = 4;
  make_folder(p, "there");
  snprintf(p->command, sizeof p->command, "read n; : >%s/there/$n; exec sleep 60",
           p->folder);
  ws_chat_options options = options_of(p);
  ws_chat *chat = chat_open(&options);
  char path[400];
  time_t before = time(NULL);
  snprintf(path, sizeof path, "%s/there", p->folder);
  for (size_t i = 0; i < 8; i++) {
    ws_chat_request request = chat_prompt(p->prompts[i]);
    assert_true(ws_chat_begin(chat, &request));
  }
  wait_for_entries(path, 4);
  ws_chat_free(chat);
  assert_true(time(NULL) - before < 30);
  assert_int_equal(entries_in(path), 4); // those that waited were not begun
}

typedef struct patience {
  int left;
} patience;

static bool lose_patience(void *user, const ws_progress *progress) {
  (void)progress;
  return ((patience *)user)->left-- > 0;
}

static void who_waits_may_stop(void **state) {
  place *p = *state;
  patience some = {3};
  p->jobs = 2;
  snprintf(p->command, sizeof p->command, "exec sleep 60");
  ws_chat_options options = options_of(p);
  options.progress = (ws_progress_sink){lose_patience, &some};
  ws_chat *chat = chat_open(&options);
  ws_chat_request request = chat_prompt("x");
  assert_true(ws_chat_begin(chat, &request));
  asked a = chat_ask(chat, &request);
  assert_int_equal(a.status, WS_ESTOPPED);
  assert_int_equal(a.failure, WS_CHAT_STOPPED);
  ws_chat_free(chat);
}

/* --- what others hold --- */

/* Each command takes several descriptors: where there are not enough for all, those that
 * lack some wait for those that have them. */
static void descriptors_that_are_short_are_waited_for(void **state) {
  place *p = *state;
  struct rlimit before, few = {40, 40};
  p->jobs = 16;
  snprintf(p->command, sizeof p->command, "sleep 0.05; cat");
  ws_chat_options options = options_of(p);
  ws_chat *chat = chat_open(&options);
  assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
  few.rlim_max = before.rlim_max;
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
  size_t replies = ask_all(p, chat);
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
  if (replies < REQUESTS) print_error("%s\n", p->got[replies].err.message);
  assert_int_equal(replies, REQUESTS);
  ws_chat_free(chat);
}

/* --- how many wait --- */

static void there_is_room_for_some_only(void **state) {
  place *p = *state;
  p->jobs = 2;
  snprintf(p->command, sizeof p->command, "exec sleep 60");
  ws_chat_options options = options_of(p);
  ws_chat *chat = chat_open(&options);
  size_t begun = 0;
  for (size_t i = 0; i < REQUESTS; i++) {
    ws_chat_request request = chat_prompt(p->prompts[i]);
    begun += ws_chat_begin(chat, &request);
  }
  assert_int_equal(begun, 8);
  ws_chat_free(chat);
}

/* As where the first of some answers fails, and the record is given up. */
static void what_is_skipped_takes_no_room(void **state) {
  place *p = *state;
  p->jobs = 2;
  snprintf(p->command, sizeof p->command, "cat");
  ws_chat_options options = options_of(p);
  ws_chat *chat = chat_open(&options);
  for (size_t i = 0; i < REQUESTS; i += 6) {
    ws_chat_request request = chat_prompt(p->prompts[i + 5]);
    for (size_t j = i; j < i + 6; j++) {
      ws_chat_request ahead = chat_prompt(p->prompts[j]);
      assert_true(ws_chat_begin(chat, &ahead));
    }
    assert_string_equal(chat_ask(chat, &request).text, p->prompts[i + 5]);
  }
  ws_chat_free(chat);
}

static void with_one_nothing_is_begun(void **state) {
  place *p = *state;
  p->jobs = 1;
  snprintf(p->command, sizeof p->command, "cat");
  ws_chat_options options = options_of(p);
  ws_chat *chat = chat_open(&options);
  ws_chat_request request = chat_prompt("x");
  assert_false(ws_chat_begin(chat, &request));
  ws_chat_free(chat);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(what_comes_is_the_same_for_any_number),
      TEST(as_many_are_on_their_way_as_was_said),
      TEST(the_budget_ends_the_work_where_it_ends_alone),
      TEST(what_comes_is_recorded_at_once),
      TEST(what_cannot_be_recorded_is_paid_for_and_fails),
      TEST(what_is_on_its_way_ends_with_the_conversation),
      TEST(who_waits_may_stop),
      TEST(descriptors_that_are_short_are_waited_for),
      TEST(there_is_room_for_some_only),
      TEST(what_is_skipped_takes_no_room),
      TEST(with_one_nothing_is_begun),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
