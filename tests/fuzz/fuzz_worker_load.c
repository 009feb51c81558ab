/* SPDX-License-Identifier: MIT
 *
 * The first words between a parent and a worker. To the parent the worker sends the input
 * as it comes (first byte even) or as a whole frame; a set that is taken can be used.
 * With 2 in that byte files may fail. The worker reads the input as what its parent tells
 * it.
 */
#include <string.h>

#include <weaksup/lf_set.h>

#include "fake_worker.h"
#include "fuzz.h"

static const uint8_t *input;
static size_t input_size;

void fake_started(fake_worker *fake) {
  ws__frame frame = {WS__FRAME_LOADED, (uint32_t)input_size};
  if (input_size && input[0] % 2) {
    frame.size--;
    fake_send(fake, &frame, sizeof frame);
  }
  if (input_size) fake_send(fake, input + 1, input_size - 1);
  fake_close(fake);
}

/* Votes are kept under the names of the functions. */
static void check_lf(const ws_lf_set *set, size_t j) {
  const ws_lf_info *info = ws_lf_set_at(set, j);
  FUZZ_CHECK(info->label >= WS_ABSTAIN && info->label < 2);
  FUZZ_CHECK(info->kind == WS_LF_LUA || info->label >= 0);
  FUZZ_CHECK(info->prior >= 0 && info->prior < 1);
  FUZZ_CHECK(ws_utf8_valid(info->field));
  for (size_t i = 0; i < j; i++)
    FUZZ_CHECK(strcmp(ws_lf_set_at(set, i)->name, info->name) != 0);
}

static void check_set(const ws_lf_set *set) {
  for (size_t j = 0; j < ws_lf_set_count(set); j++) check_lf(set, j);
  for (size_t i = 0; i < ws_lf_set_notes(set); i++)
    FUZZ_CHECK(ws_utf8_valid(ws_text_of(ws_lf_set_note(set, i))));
}

static void load(void) {
  ws_lf_options options = ws_lf_options_default();
  ws_lf_set *set = NULL;
  ws_error err = WS_ERROR_INIT;
  options.worker = "fake";
  options.keep_going = input_size && input[0] & 2;
  if (ws_lf_set_load("lfs", fuzz_task(), &options, &set, &err) == WS_OK)
    check_set(set);
  else
    FUZZ_CHECK(*err.message);
  ws_lf_set_free(set);
  fake_workers[0].worker = NULL;
}

static void take_init(ws_text bytes) {
  ws__worker_init init;
  ws_task *task = NULL;
  ws_buffer again = {0};
  if (ws__take_init(bytes, &init, &task) == WS_OK)
    FUZZ_CHECK(ws__put_init(&again, &init) == WS_OK && again.size <= bytes.size);
  ws_buffer_clear(&again);
  ws__problems_clear(&init.outside);
  ws_task_free(task);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  input = data;
  input_size = size;
  load();
  take_init((ws_text){(const char *)data, size});
  return 0;
}
