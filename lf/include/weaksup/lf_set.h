/* SPDX-License-Identifier: MIT
 *
 * A set of labeling functions (LFs): what a folder of *.lua and *.rules files defines.
 *
 * LF code never runs in the calling process. Loading starts a worker process that loads
 * the folder and tells what is in it; applying (apply.h) starts more of them.
 *
 * Where names meet in Lua files: a class constant wins over a helper of the same name
 * (which is noted), except for `lf`, `field`, `class` and ABSTAIN (class["..."] reaches
 * every class). x.text and x.lower are the task's text field, or the field that the LF
 * names. x.NAME is a derived field of the same file before it is a field of the record; a
 * record that has both is a vote error. Derived fields are plain data.
 */
#ifndef WEAKSUP_LF_SET_H
#define WEAKSUP_LF_SET_H

#include <weaksup/hash.h>
#include <weaksup/task.h>

WS_BEGIN_DECLS

typedef enum ws_lf_kind {
  WS_LF_LUA,      // function lf.NAME(x)
  WS_LF_KEYWORDS, // a list of words, from Lua or rules
  WS_LF_RULE,     // a PCRE2 pattern
} ws_lf_kind;

typedef struct ws_lf_info {
  const char *name;
  ws_lf_kind kind;
  const char *file; // where it is defined, as a user would write the path
  uint64_t line;    // from 1
  int32_t label;    // the one class that it votes for: of rules, keyword lists, and Lua
                    // functions that name one; WS_ABSTAIN where it may vote for any
  ws_text field;    // that it looks at in place of the text field; {NULL, 0}: none. Valid
                    // UTF-8, else as its author wrote it
  double prior;     // the accuracy that its author gives it, above 0 and below 1; 0: none
  // The hash of everything that its votes depend on beside the records: its code, the
  // code and constants that this leads to, lists, derived fields of the file that it may
  // read, the classes, the limits, the libraries. Its name, its place in a file and the
  // file's name do not count. Equal keys: equal votes, except where limits on time or
  // memory come into play.
  ws_hash128 key;
  // Beside the key, what the texts of its vote errors depend on: its name, the file's
  // name, line numbers, names of variables.
  ws_hash128 error_key;
} ws_lf_info;

typedef struct ws_lf_set ws_lf_set;

typedef struct ws_lf_options {
  const char *worker; // the program that workers are: it must hand its arguments to
                      // ws_lf_worker_main when argv[1] is WS_LF_WORKER_ARG; must be set
  uint64_t pattern_steps; // PCRE2's match limit per match; default 1000000
  uint64_t lua_steps;     // of Lua's string functions in one LF call, the same on every
                          // machine: a vote error beyond; 100 times as many for loading
                          // a file; default 1000000
  uint64_t lua_instructions; // of Lua's virtual machine in one LF call: counted as steps
                             // are, a vote error of the same kind beyond. Counting takes
                             // time: 0 (default): they are not counted
  uint64_t memory;        // bytes that one LF call may take beside what files keep, and
                          // that one file may keep; default 64 MiB
  unsigned call_cpu_ms;   // CPU time of one LF call: a vote error beyond; default 50
  unsigned worker_cpu_ms; // CPU time of one LF call at which the worker ends; default 150
  unsigned wall_ms;   // wall time without progress at which it is killed; default 2000
  bool keep_going;    // what does not load is left out (ws_lf_problem), and the rest is
                      // loaded; default false: it is an error
  bool no_jit;        // patterns run in PCRE2's interpreter, to compare; default false
  uint64_t hash_salt; // with another one the tables of Lua's states hash otherwise: votes
                      // are the same, to check that they are; default 0
} ws_lf_options;

WS_API ws_lf_options ws_lf_options_default(void);

/* Loads the folder, recursively, files in the order of their names (hidden ones left
 * out), or one *.lua or *.rules file. The task is borrowed until the set is freed. WS_ELF
 * with file:line, for patterns file:line:column, where something does not load; an error
 * too: no LF at all, two LFs of one name (both places are named). With keep_going what
 * does not load is left out: the votes of the others are those that they would have
 * without it; WS_ELF where nothing is left. WS_EIO where the folder is not there or the
 * worker cannot be started. */
WS_API WS_CHECK ws_status ws_lf_set_load(const char *folder, const ws_task *task,
                                         const ws_lf_options *options, ws_lf_set **out,
                                         ws_error *err);
WS_API void ws_lf_set_free(ws_lf_set *set);

/* The LFs that loaded, in the order of their votes; an info is the set's. */
WS_API size_t ws_lf_set_count(const ws_lf_set *set); // M
WS_API const ws_lf_info *ws_lf_set_at(const ws_lf_set *set, size_t j);
/* What a user should know about files that load all the same: one line each, with
 * file:line in front where there is one. */
WS_API size_t ws_lf_set_notes(const ws_lf_set *set);
WS_API const char *ws_lf_set_note(const ws_lf_set *set, size_t i);
/* The hash of every file that was read to make the set, for the manifest: 32 hex digits.
 * Files that are left out count, too.
 */
WS_API const char *ws_lf_set_digest(const ws_lf_set *set);

/* --- what was left out (ws_lf_options.keep_going) ----------------------------------- */

typedef enum ws_lf_problem_kind {
  WS_LF_PROBLEM_COMPILE_ERROR, // the source is not valid
  WS_LF_PROBLEM_LOAD_ERROR, // it is, and raised an error, defines what is refused or what
                            // is there already, or cannot be read
  WS_LF_PROBLEM_TIME,       // loading took too many steps, or too long
  WS_LF_PROBLEM_MEMORY,     // or more memory than a worker has
  WS_LF_PROBLEM_KILLED,     // or the worker process died of it
} ws_lf_problem_kind;

/* A line of a .rules file, a whole .lua file, or the second LF of one name. */
typedef struct ws_lf_problem {
  ws_lf_problem_kind kind;
  const char *file;
  uint64_t line;          // from 1; 0: not known
  bool name_taken;        // it is the second LF of one name
  const char *const *lfs; // [lf_count] the names of LFs that it cost, as far as the text
  size_t lf_count;        // of the file shows them: outside of comments and strings
  const char *message;    // one line of UTF-8 with the position in front
} ws_lf_problem;

/* By file and line. None of these LFs is in the set. */
WS_API size_t ws_lf_set_problem_count(const ws_lf_set *set);
WS_API const ws_lf_problem *ws_lf_set_problem_at(const ws_lf_set *set, size_t i);
/* "compile_error", "load_error", "time", "memory", "killed". */
WS_API const char *ws_lf_problem_kind_name(ws_lf_problem_kind kind);

/* --- the worker's side -------------------------------------------------------------- */

#define WS_LF_WORKER_ARG "lf-worker"

/* The whole life of a worker process; returns its exit code. The host's main calls it
 * when argv[1] is WS_LF_WORKER_ARG. Started by hand it says so and fails. */
WS_API int ws_lf_worker_main(int argc, char **argv);

WS_END_DECLS

#endif
