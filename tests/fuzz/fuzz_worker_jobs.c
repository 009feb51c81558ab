/* SPDX-License-Identifier: MIT
 *
 * Applying labeling functions with workers that do as the input says, some moves for each
 * time that the parent waits: what they send, write into the shared memory, and how they
 * end. At the end of the input they do what they are asked. Every record must be handed
 * on once, in order, with votes that can be counted.
 */
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include <weaksup/bytes.h>

#include "fake_worker.h"
#include "fuzz.h"
#include "lf_set_priv.h"

enum { LFS = 3, RECORDS = 5 };

int __real_poll(struct pollfd *fds, nfds_t count, int timeout);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);
uint64_t __wrap_ws__now_ms(void);
int __real_ws__worker_reap(ws__worker *worker, bool kill_it);
int __wrap_ws__worker_reap(ws__worker *worker, bool kill_it);

/* What is left of the input, and what the next worker that ends says. */
static struct {
  const uint8_t *at, *end;
  int status;
  uint64_t ms;
  bool loaded[FAKE_WORKERS]; // it was said
} play;

static ws_lf_info infos[LFS] = {
    {.name = "a", .kind = WS_LF_LUA, .file = "lfs/a.lua", .label = WS_ABSTAIN},
    {.name = "b", .kind = WS_LF_KEYWORDS, .file = "lfs/b.rules", .label = 1},
    {.name = "c", .kind = WS_LF_RULE, .file = "lfs/b.rules", .label = 0}};

static uint8_t take(void) {
  return play.at < play.end ? *play.at++ : 0;
}

/* A run of bytes of the input, its size in front. */
static ws_text take_run(void) {
  size_t size = take(), left = (size_t)(play.end - play.at);
  if (size > left) size = left;
  ws_text run = {(const char *)play.at, size};
  play.at += size;
  return run;
}

static size_t take_wide(void) {
  size_t high = take();
  return high << 8 | take();
}

/* --- moves --- */

static void send_frame(const fake_worker *fake, uint32_t kind, ws_text payload) {
  ws__frame frame = {kind, (uint32_t)payload.size};
  fake_send(fake, &frame, sizeof frame);
  fake_send(fake, payload.data, payload.size);
}

static void send_loaded(const fake_worker *fake) {
  ws_buffer out = {0};
  play.loaded[fake - fake_workers] = true;
  static const char digest[] = "0123456789abcdef0123456789abcdef";
  bool fine = ws_bytes_put(&out, WS_OK, 8) == WS_OK &&
              ws_bytes_put_text(&out, ws_text_of(digest)) == WS_OK &&
              ws_bytes_put(&out, LFS, 8) == WS_OK && ws_bytes_put(&out, 0, 8) == WS_OK;
  FUZZ_CHECK(fine);
  send_frame(fake, WS__FRAME_LOADED, ws_buffer_as_text(&out));
  ws_buffer_clear(&out);
}

/* The serial of the next job that the parent sent; 0: there is none. */
static uint64_t next_job(const fake_worker *fake, int flags) {
  ws__job job;
  ssize_t size = recv(fake->socket, &job, sizeof job, MSG_DONTWAIT | flags);
  return size == (ssize_t)sizeof job ? job.serial : 0;
}

static void send_done(const fake_worker *fake, uint64_t serial) {
  send_frame(fake, WS__FRAME_DONE, (ws_text){(const char *)&serial, sizeof serial});
}

/* Somewhere in the slots. */
static void write_slots(const fake_worker *fake) {
  size_t at = take_wide();
  ws_text run = take_run();
  if (fake->worker->slots && at + run.size <= fake->worker->slots_size)
    memcpy(fake->worker->slots + at, run.data, run.size);
}

static void write_blame(const fake_worker *fake) {
  ws__blame *blame = &fake->worker->shared->blame;
  uint8_t what = take();
  atomic_store(&blame->seq, what & 1 ? 7u : take());
  atomic_store(&blame->position, what & 2 ? (uint64_t)INT64_MIN + take() : take());
  atomic_store(&blame->serial, (uint32_t)next_job(fake, MSG_PEEK) + (what >> 2));
}

static void write_loading(const fake_worker *fake) {
  ws_text run = take_run();
  char *loading = fake->worker->shared->loading;
  memset(loading, 'x', sizeof fake->worker->shared->loading);
  memcpy(loading, run.data, run.size);
}

static void end(fake_worker *fake) {
  static const int statuses[] = {0, 1 << 8, WS__EXIT_TIME << 8, 9, 11};
  play.status = statuses[take() % 5];
  fake_close(fake);
}

/* False where the turn is over. */
static bool move(void) {
  uint8_t what = take();
  fake_worker *fake = &fake_workers[what >> 7];
  if (what % 8 == 7 || !fake->worker || fake->socket < 0) return false;
  switch (what % 8) {
  case 0:
    send_loaded(fake);
    return true;
  case 1:
    send_done(fake, next_job(fake, 0) + take());
    return true;
  case 2: {
    ws_text run = take_run();
    fake_send(fake, run.data, run.size);
    return true;
  }
  case 3:
    write_slots(fake);
    return true;
  case 4:
    write_blame(fake);
    return true;
  case 5:
    write_loading(fake);
    return true;
  default:
    end(fake);
    return false;
  }
}

/* --- the parent's view --- */

void fake_started(fake_worker *fake) {
  play.loaded[fake - fake_workers] = false;
  if (take() % 2 == 0) send_loaded(fake);
}

/* A worker without a job has thrown it away, or the parent waits for nothing. */
static void obey(fake_worker *fake) {
  bool any = false;
  if (!fake->worker || fake->socket < 0) return;
  if (!play.loaded[fake - fake_workers]) send_loaded(fake);
  for (uint64_t serial; (serial = next_job(fake, 0)); any = true) send_done(fake, serial);
  if (!any) fake_close(fake);
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout) {
  (void)timeout;
  play.ms += 40;
  if (play.at < play.end) {
    while (move() && play.at < play.end) continue;
  } else {
    play.status = 1 << 8;
    for (size_t i = 0; i < FAKE_WORKERS; i++) obey(&fake_workers[i]);
  }
  return __real_poll(fds, count, 0);
}

uint64_t __wrap_ws__now_ms(void) {
  return play.ms;
}

int __wrap_ws__worker_reap(ws__worker *worker, bool kill_it) {
  for (size_t i = 0; i < FAKE_WORKERS; i++)
    if (fake_workers[i].worker == worker) fake_close(&fake_workers[i]);
  FUZZ_CHECK(__real_ws__worker_reap(worker, true) == 0);
  return kill_it ? 9 : play.status;
}

static ws_status each(void *user, const ws_record *record, const int32_t *labels,
                      ws_error *err) {
  uint64_t *next = user;
  (void)err;
  FUZZ_CHECK(record->row == (*next)++);
  for (size_t j = 0; j < LFS; j++)
    FUZZ_CHECK(labels[j] >= WS_VOTE_ERROR && labels[j] < 2);
  return WS_OK;
}

static void check_report(const ws_apply_report *report) {
  for (size_t j = 0; j < LFS; j++) {
    const ws_lf_stats *stats = ws_apply_report_at(report, j);
    FUZZ_CHECK(stats->votes + stats->errors <= stats->calls && stats->calls <= RECORDS);
    uint64_t errors = 0;
    for (size_t kind = 0; kind < WS_LF_ERROR_KINDS; kind++)
      errors += stats->errors_by_kind[kind];
    FUZZ_CHECK(errors == stats->errors);
    for (size_t i = 0; i < stats->failure_count; i++)
      FUZZ_CHECK(ws_utf8_valid(ws_text_of(stats->failures[i].what)));
  }
}

static void apply(ws_lf_set *set, ws_reader *reader) {
  ws_apply_options options = ws_apply_options_default();
  ws_apply_report *report = NULL;
  ws_votes *votes = NULL;
  ws_error err = WS_ERROR_INIT;
  uint64_t handed_on = 0;
  options.workers = FAKE_WORKERS;
  options.chunk = 2;
  ws_status status =
      ws_apply_votes(set, reader, &options, each, &handed_on, &votes, &report, &err);
  if (status == WS_OK) {
    FUZZ_CHECK(handed_on == RECORDS && ws_votes_rows(votes) == RECORDS);
    check_report(report);
  } else {
    FUZZ_CHECK(*err.message && ws_utf8_valid(ws_text_of(err.message)));
  }
  ws_votes_free(votes);
  ws_apply_report_free(report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char lines[] = "one\ntwo words\nthree\n4\nfive, and more of it\n";
  static char lfs[] = "lfs", program[] = "fake";
  ws_lf_set set = {.task = fuzz_task(),
                   .options = ws_lf_options_default(),
                   .load = ws__load_limits_default(),
                   .folder = {lfs, 3},
                   .program = {program, 4},
                   .infos = infos,
                   .count = LFS,
                   .digest = "0123456789abcdef0123456789abcdef"};
  ws_reader_options options = ws_reader_options_default();
  ws_reader *reader = NULL;
  const char *path = fuzz_file((const uint8_t *)lines, sizeof lines - 1, "r.txt");
  play.at = data;
  play.end = data + size;
  play.ms = 0;
  set.options.wall_ms = 400;
  options.format = WS_INPUT_TEXT;
  FUZZ_CHECK(ws_reader_open(path, fuzz_task(), &options, &reader, NULL) == WS_OK);
  apply(&set, reader);
  ws_reader_free(reader);
  for (size_t i = 0; i < FAKE_WORKERS; i++) {
    fake_close(&fake_workers[i]);
    fake_workers[i].worker = NULL;
  }
  return 0;
}
