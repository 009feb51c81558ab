/* SPDX-License-Identifier: MIT
 *
 * weaksup merge: the votes files of shards become one.
 */
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/output.h>
#include <weaksup/votes_file.h>

#include "cmd.h"
#include "members.h"
#include "out_check.h"
#include "say.h"
#include "setup.h"
#include "step.h"
#include "table.h"

/* Owns what `sources` borrow. */
typedef struct merge {
  ws_votes **loaded;        // [count]
  ws_votes_source *sources; // [count]
  size_t count;
  ws_votes *whole;
  ws_buffer bytes;
} merge;

static ws_status load_all(merge *m, const options *o, ws_error *err) {
  m->loaded = ws_alloc_zero(o->argument_count, sizeof *m->loaded);
  m->sources = ws_alloc_zero(o->argument_count, sizeof *m->sources);
  if (!m->loaded || !m->sources) return ws_error_nomem(err);
  for (; m->count < o->argument_count; m->count++) {
    const char *path = o->arguments[m->count];
    WS_TRY(ws_votes_load(path, &m->loaded[m->count], err));
    m->sources[m->count] = (ws_votes_source){path, m->loaded[m->count]};
  }
  return WS_OK;
}

static ws_status run_steps(merge *m, const options *o, ws_error *err) {
  WS_TRY(load_all(m, o, err));
  WS_TRY(o->columns ? ws_votes_join(m->sources, m->count, &m->whole, err)
                    : ws_votes_merge_shards(m->sources, m->count, &m->whole, err));
  if (ws_votes_encode(m->whole, &m->bytes) != WS_OK) return ws_error_nomem(err);
  return ws_output_file(o->out, ws_buffer_as_text(&m->bytes), err);
}

static void merge_clear(merge *m) {
  for (size_t i = 0; i < m->count; i++) ws_votes_free(m->loaded[i]);
  ws_free(m->loaded);
  ws_free(m->sources);
  ws_votes_free(m->whole);
  ws_buffer_clear(&m->bytes);
}

static int print_json(const merge *m, const options *o) {
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes, .indent = 1};
  ws_json_open(&json, '{');
  json_put_string(&json, "out", o->out);
  json_put_uint(&json, "files", m->count);
  json_put_uint(&json, "records", ws_votes_rows(m->whole));
  json_put_uint(&json, "patterns", ws_votes_patterns(m->whole));
  json_put_uint(&json, "lfs", ws_votes_lfs(m->whole));
  ws_json_close(&json, '}');
  return json_print(&json);
}

/* "A,B"; false where the names cannot be told apart then. */
static bool put_classes(const ws_votes *votes, ws_buffer *out) {
  for (size_t k = 0; k < ws_votes_classes(votes); k++) {
    ws_text name = ws_votes_class(votes, k);
    if (memchr(name.data, ',', name.size)) return false;
    if (ws_buffer_printf(out, "%s%.*s", k ? "," : "", WS_TEXT_ARG(name)) != WS_OK)
      return false;
  }
  return true;
}

/* The classes stand in the votes; who has no task here has them told. */
static void say_next(const merge *m, const options *o) {
  ws_buffer classes = {0};
  step s = step_to(&cmd_fit);
  step_option(&s, "votes", o->out);
  if (!setup_finds_task(o)) {
    s.useless = s.useless || !put_classes(m->whole, &classes);
    step_option(&s, "classes", classes.data);
  }
  step_say(&s, o, "fit with them");
  ws_buffer_clear(&classes);
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  merge m = {0};
  int code = EXIT_DONE;
  if (!o->out) {
    say_usage(self, "expected --out FILE");
    return EXIT_USAGE;
  }
  if (!check_json_out(self, o)) return EXIT_USAGE;
  ws_status status = run_steps(&m, o, &err);
  if (status == WS_OK && o->json)
    code = print_json(&m, o);
  else if (status == WS_OK)
    say_note(o, "%zu records, %zu patterns, from %zu file%s in %s",
             ws_votes_rows(m.whole), ws_votes_patterns(m.whole), m.count,
             m.count == 1 ? "" : "s", o->out);
  if (status == WS_OK) say_next(&m, o);
  merge_clear(&m);
  return status == WS_OK ? code : say_failure(&err);
}

const command cmd_merge = {
    .name = "merge",
    .arguments = "FILE.wsv...",
    .summary = "one votes file from several",
    .details =
        "Writes the records of all the votes files into the one that --out names. The "
        "order of\n"
        "the files does not matter where they are shards of some data (apply --shard): "
        "from all\n"
        "of them comes, to the byte, the votes file of the whole. With --columns the "
        "files "
        "are\n"
        "votes of different labeling functions on the same records, which are found by "
        "their\n"
        "ids, and stand side by side.\n",
    .examples = "weaksup apply lfs/ --shard 1/2 --out 1.wsv\n"
                "weaksup apply lfs/ --shard 2/2 --out 2.wsv\n"
                "weaksup merge 1.wsv 2.wsv --out votes.wsv\n"
                "weaksup merge --columns votes.wsv zero_shot.wsv --out all.wsv\n",
    .takes = (const char *const[]){"columns", "out", "json", "quiet", "verbose", NULL},
    .least = 1,
    .most = MAX_ARGUMENTS,
    .run = run,
};
