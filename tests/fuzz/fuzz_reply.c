/* SPDX-License-Identifier: MIT
 *
 * What comes back from a language model, and the headers of files that somebody changed:
 * replies, headers, and templates of prompts.
 */
#include <string.h>

#include <weaksup/provenance.h>
#include <weaksup/reply.h>

#include "fuzz.h"
#include "reply_priv.h"
#include "rules.h"

static void check_candidate(const ws_reply_candidate *candidate) {
  ws_text source = candidate->source;
  FUZZ_CHECK(source.size && source.size <= WS_REPLY_SOURCE_MAX);
  FUZZ_CHECK(ws_utf8_valid(source) && !memchr(source.data, '\0', source.size));
  FUZZ_CHECK(source.data[source.size - 1] == '\n' && candidate->shared < source.size);
  FUZZ_CHECK(candidate->name_count > 0 && candidate->label < 2);
  for (size_t i = 0; i < candidate->name_count; i++)
    FUZZ_CHECK(ws__is_lf_name(candidate->names[i]));
}

/* The file of one LF, parted again, is that LF and stays as it is. */
static void part_again(const ws_reply_candidate *candidate) {
  ws__units units = {0};
  if (candidate->kind == WS_REPLY_LUA && candidate->shared) {
    FUZZ_CHECK(ws__units_find(candidate->source, &units) == WS_OK);
    FUZZ_CHECK(units.lfs == 1 && units.name_count == 1 && !units.whole);
    FUZZ_CHECK(ws_text_equal(units.names[0], candidate->names[0]));
  }
  ws__units_clear(&units);
}

/* Its file says of itself that it is as it was generated. */
static void write_file(const ws_reply_candidate *candidate) {
  ws_buffer file = {0};
  ws_provenance_file read = {.source = 0};
  ws_provenance p = {.lf = candidate->names[0],
                     .evidence = candidate->rationale,
                     .model = candidate->source,
                     .cost_usd = -1};
  FUZZ_CHECK(ws_provenance_write(&p, candidate->kind == WS_REPLY_RULES, candidate->source,
                                 &file) == WS_OK);
  FUZZ_CHECK(file.size <= WS_REPLY_SOURCE_MAX + WS_PROVENANCE_MAX);
  FUZZ_CHECK(ws_provenance_read(ws_buffer_as_text(&file), &read) == WS_OK);
  FUZZ_CHECK(read.state == WS_PROVENANCE_UNCHANGED);
  FUZZ_CHECK(ws_text_equal(read.header.lf, p.lf));
  ws_provenance_clear(&read);
  ws_buffer_clear(&file);
}

static void read_reply(ws_text text, bool truncated) {
  ws_reply *reply = NULL;
  ws_reply_options options = {.task = fuzz_task(), .truncated = truncated};
  FUZZ_CHECK(ws_reply_read(text, &options, &reply, NULL) == WS_OK);
  FUZZ_CHECK(ws_reply_count(reply) || ws_reply_problems(reply));
  FUZZ_CHECK(ws_reply_count(reply) <= WS_REPLY_LFS_MAX);
  for (size_t i = 0; i < ws_reply_count(reply); i++) {
    check_candidate(ws_reply_at(reply, i));
    part_again(ws_reply_at(reply, i));
    write_file(ws_reply_at(reply, i));
  }
  for (size_t i = 0; i < ws_reply_problems(reply); i++)
    FUZZ_CHECK(ws_utf8_valid(ws_text_of(ws_reply_problem_at(reply, i)->message)));
  ws_reply_free(reply);
}

static void read_header(ws_text text) {
  ws_provenance_file file = {.source = 0};
  FUZZ_CHECK(ws_provenance_read(text, &file) == WS_OK);
  FUZZ_CHECK(file.source <= text.size);
  FUZZ_CHECK(!*file.problem == (file.state != WS_PROVENANCE_DAMAGED));
  ws_provenance_clear(&file);
}

static void write_prompt(ws_text text) {
  ws_prompt_template *t = NULL;
  ws_prompt prompt = {.cut = 0};
  ws_prompt_values values = {
      .task = fuzz_task(), .n = 1, .unlabelled = &text, .unlabelled_count = 1};
  if (ws_prompt_template_new("t", text, &t, NULL) != WS_OK &&
      ws_prompt_template_load(NULL, &t, NULL) != WS_OK)
    return;
  FUZZ_CHECK(ws_prompt_write(t, &values, NULL, &prompt, NULL) == WS_OK);
  FUZZ_CHECK(ws_utf8_valid(ws_buffer_as_text(&prompt.text)));
  ws_prompt_clear(&prompt);
  ws_prompt_template_free(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *copy = malloc(size ? size : 1); // so that reading beyond it is noticed
  memcpy(copy, data, size);
  ws_text text = {copy, size};
  read_reply(text, size % 2);
  read_header(text);
  write_prompt(text);
  free(copy);
  return 0;
}
