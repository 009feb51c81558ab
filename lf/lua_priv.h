/* SPDX-License-Identifier: MIT
 *
 * What the files of the Lua engine share. Only they include lua.h.
 *
 * Functions that take a lua_State may raise Lua errors: they run inside a protected call,
 * and hold nothing that an error would leak.
 */
#ifndef WS_LUA_PRIV_H
#define WS_LUA_PRIV_H

#include "lua_engine.h"

#include <signal.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <weaksup/arena.h>
#include <weaksup/hash.h>

enum {
  MESSAGE_MAX = 300, // bytes of an error's text
  MISSING_MAX = 64,  // bytes of the name of a field that is not there, with its NUL
  DERIVED_MAX = 255, // derived fields of a file
  NESTED_MAX = 64,   // tables inside one another
  FRAMES_MAX = 10,   // functions in a traceback
  LOAD_MEMORY = 8,   // all files may keep so many times the memory of one
  LOAD_STEPS = 100,  // loading a file may take so many times the steps of a call
};

/* Where the values that the engine keeps lie on the state's stack. */
enum {
  STACK_HANDLER = 1, // the message handler
  STACK_LFS,         // array: the functions of all labeling functions
  STACK_SUBJECTS,    // x of each file, from 1 on; below 0: of LFs that look at a field
  STACK_TOP = STACK_SUBJECTS
};

typedef enum derived_state { DERIVED_UNSET, DERIVED_RUNNING, DERIVED_DONE } derived_state;

typedef struct lua_file {
  size_t file;                      // index in the folder
  ws_hash128 content;               // its text and that of the lists that it read
  size_t derived;                   // how many derived fields
  bool generated;                   // its code does not see ids and gold (generated.h)
  bool dirty;                       // x was read since the record came
  unsigned char state[DERIVED_MAX]; // derived_state of each
  unsigned short
      running[DERIVED_MAX];          // those that are being computed, the first outermost
  uint64_t outer_steps[DERIVED_MAX]; // that were left where each of them began
  size_t running_count;
} lua_file;

typedef struct recent_pattern {
  const char *text, *flags; // strings of the state, which keeps them
} recent_pattern;

enum { RECENT_MAX = 512 };

/* The objects that the labeling functions of a file lead to (lua_key.c). */
typedef struct ws__lua_graph ws__lua_graph;

struct ws__lua {
  ws__lua_options options;
  lua_State *L;
  char *block; // the first one that it asked for, which begins at this byte of its memory
  uint64_t ceiling;              // bytes that may be in use
  size_t used;                   // bytes
  size_t collect_at;             // bytes at which garbage is collected
  volatile sig_atomic_t expired; // the time limit was hit: nothing catches that
  bool exhausted;                // the memory limit was hit: the same
  bool spent;                    // the steps are used up, or a match's: the same
  bool fatal;   // an error on which other calls have a say (how deep, how full): the same
  bool starved; // memory was asked for twice, and refused
  const void *refused; // the last block that was refused more memory, and to
  size_t refused_size; // what size; 0: none since
  uint64_t steps;      // that are left for the running call
  bool compiled;       // the file that is loaded is valid Lua
  bool loading;        // a file's top level runs
  bool loaded;         // all files are
  ws_arena arena;      // names
  ws__lua_lf *lfs;
  size_t lf_count, lf_capacity;
  lua_file *files;
  size_t file_count, file_capacity;
  size_t file;          // index in `files` of the file whose code runs
  int builtins;         // functions and tables that are ours
  ws__lua_graph *graph; // while keys are made
  bool dirty;           // fields were read since the record came
  size_t view_count;    // tables of x that look at another field
  bool views_dirty;     // one of them was read since the record came
  ws__lua_note *notes;  // what is said about the files
  size_t note_count, note_capacity;
  bool noted_classes;
  ws_text source; // of the file that is being loaded; the line that begins at line_at:
  size_t line_at;
  uint64_t line;
  const char *valid[2]; // strings of the state that are known to be valid UTF-8
  size_t pattern_count, pattern_bytes; // that can be forgotten
  bool crowded;                        // they are to be, when this call makes one
  uint64_t call;                       // how many there were
  size_t asked_bytes;                  // of patterns that this call asked for
  recent_pattern recent[RECENT_MAX];   // of calls of rx
  size_t list_bytes;                   // of keyword lists, garbage among them
  struct ws__prefilter *screen;        // of patterns in code (lua_screen.c), or NULL
  uint64_t *may_match;                 // [screen_words] a bit for each of them
  size_t screen_words;
  bool screened; // may_match is about the record at hand
  ws_buffer scratch;
  ws__trace *trace;  // NULL: calls are not traced
  int compiled_line; // how far the compiler came; 0: none is at work
  int found_line;    // what the message handler found: the line, or 0, and the text
  char found[MESSAGE_MAX + 4];
  char missing[MISSING_MAX]; // the last field of x that was read and is not there, or ""
  const char *calling;       // the labeling function that is called, or NULL
  char traceback[WS__TRACEBACK];
};

static inline ws__lua *ws__lua_of(lua_State *L) {
  return *(ws__lua **)lua_getextraspace(L);
}

/* Keys of the registry: the tables of */
extern const char ws__lua_std;      // what every file's environment begins with
extern const char ws__lua_builtins; // functions and tables that are ours: to their names
extern const char ws__lua_lfs;      // the functions of all labeling functions (an array)
extern const char ws__lua_subjects; // x, as in STACK_SUBJECTS
extern const char ws__lua_rx;       // the function rx

/* --- errors (lua_error.c), and limits (lua_state.c) --- */

/* Raises `err`, an error of the library, with the position of the running Lua function.
 */
int ws__lua_raise(lua_State *L, const ws_error *err);
/* Raises what ended a match: `code` as of ws__regex_match. */
int ws__lua_raise_match(lua_State *L, const ws__regex *regex, int code);
int ws__lua_nomem(lua_State *L);
/* Raises the error that the steps are used up. */
int ws__lua_out_of_steps(ws__lua *lua);
static inline void ws__lua_spend(ws__lua *lua, uint64_t steps) {
  if (steps > lua->steps) ws__lua_out_of_steps(lua);
  lua->steps -= steps;
}
/* Every chunk is called "lua": takes "lua:LINE: " from the front of a message, and
 * returns the line, or 0. */
int ws__lua_position(const char **text);
/* pcall for Lua code: does not catch the limits. */
int ws__lua_pcall(lua_State *L);
/* After an error: the derived fields that were being computed beyond the first `kept` are
 * not computed, and who wanted them pays for their steps; false: with more than it had.
 */
bool ws__lua_unwind_derived(ws__lua *lua, lua_file *file, size_t kept);
/* table.sort (lua_sort.c). */
int ws__lua_sort(lua_State *L);
/* Collects garbage, which happens between calls only: what one labeling function leaves
 * behind must not cost another one its time. */
void ws__lua_collect(ws__lua *lua);
/* No limit was hit. */
void ws__lua_forget_limits(ws__lua *lua);
/* From now on as much memory as the limit says may be taken, besides what is in use, and
 * so many times the limit in all. */
void ws__lua_raise_ceiling(ws__lua *lua, unsigned times);
/* Calls what lies on the stack, as lua_pcall does, and says in err what went wrong: with
 * the position and, where it is not NULL, the name of the labeling function, whose own
 * line stands in where no other is known. */
ws_status ws__lua_protect(ws__lua *lua, int arguments, int results, const char *name,
                          uint64_t line, ws_error *err);
/* The message handler of ws__lua_protect: keeps the message in lua->found. */
int ws__lua_on_error(lua_State *L);
/* WS_ELF: `text`, with the place: `name` NULL, `line` 0: there is none. */
ws_status ws__lua_fail(const ws__lua *lua, const char *name, uint64_t line,
                       const char *text, ws_error *err);

/* --- what `weaksup try` shows (lua_trace.c) --- */

/* A successful match of bytes [start, end) of a text. Raises no error. */
void ws__lua_trace_match(ws__lua *lua, ws_match_by by, ws_text text, size_t start,
                         size_t end);
void ws__lua_trace_derived(ws__lua *lua, const char *name);

static inline void ws__lua_note_match(lua_State *L, ws_match_by by, ws_text text,
                                      size_t start, size_t end) {
  ws__lua *lua = ws__lua_of(L);
  if (lua->trace) ws__lua_trace_match(lua, by, text, start, end);
}

/* The running call reads a field of x that is not there (lua_missing.c). */
void ws__lua_note_missing(ws__lua *lua, ws_text name);
/* Adds to lua->found which field was meant where the error is about that one. It asks Lua
 * for no memory. */
void ws__lua_explain_missing(ws__lua *lua);

/* Notes the Lua functions that are running in lua->traceback (lua_traceback.c). It asks
 * Lua for no memory, and runs none of its code. */
void ws__lua_trace(lua_State *L);
/* Copies up to `most` bytes of a text, never a part of a character; `out` ends in NUL.
 * Returns the bytes. */
size_t ws__lua_copy(char *out, size_t most, const char *text);

/* --- read-only tables (lua_freeze.c) and their order (lua_pairs.c) --- */

/* Replaces the table at the top by a read-only view of it. */
void ws__lua_view(lua_State *L);
/* The same for the value at the top if it is a table, and for all tables inside it.
 * Raises an error where it is or holds anything but plain values. */
void ws__lua_view_deep(lua_State *L);
/* Makes the value at the top and all that can be reached from it read-only where it
 * stands. */
void ws__lua_freeze(lua_State *L);
/* If the value at `index` is a read-only table, pushes its content and returns true. */
bool ws__lua_push_content(lua_State *L, int index);
/* pairs and next, in an order that does not depend on hashes and addresses. */
int ws__lua_pairs(lua_State *L);
int ws__lua_next(lua_State *L);
/* Pushes an array of the keys of the table at the top, numbers, texts and booleans, in
 * that order; raises an error where there are others. */
void ws__lua_push_sorted_keys(lua_State *L);
/* The same with all others behind them; returns how many there are. For what can fail at
 * one key or the other: the first error must be the same in every run. */
size_t ws__lua_push_keys(lua_State *L);

/* --- what labeling functions see --- */

void ws__lua_open_std(lua_State *L);      // lua_std.c: makes the table ws__lua_std
void ws__lua_open_helpers(lua_State *L);  // lua_helpers.c: adds to the table at the top
void ws__lua_open_patterns(lua_State *L); // lua_rx.c: the same
void ws__lua_open_texts(lua_State *L);    // lua_texts.c: the same
void ws__lua_open_csv(lua_State *L);      // lua_csv.c: the same
/* Moves a function or table of ours from the top into the table below it. */
void ws__lua_builtin(lua_State *L, const char *name);

void ws__lua_open_record(lua_State *L); // lua_record.c
/* Pushes a new x for the file, whose derived fields the table at `derived` holds: the
 * index of each name, the function of each index. */
void ws__lua_push_subject(lua_State *L, const lua_file *file, int derived);
/* Pushes a new x whose text and lower are those of a field, the rest as x of the file,
 * which there must be. */
void ws__lua_push_field_subject(lua_State *L, const lua_file *file, ws_text field);
/* Pushes a value of the record; lists and objects are read-only tables. */
void ws__lua_push_value(lua_State *L, ws_value value);
/* What the field is, where the code that runs must not see it, else NULL (generated.h).
 */
const char *ws__lua_hidden(lua_State *L, ws_text name);
/* If the value at `index` is x, pushes a table of all fields of the record that its code
 * may see. */
bool ws__lua_push_fields(lua_State *L, int index);

/* A call begins. */
void ws__lua_begin_patterns(ws__lua *lua);
/* Makes the pattern that rx(pattern, flags) will ask for, if it is one. */
void ws__lua_prepare_pattern(lua_State *L, ws_text pattern, ws_text flags);
/* When all files are loaded: prepares to look for patterns together; and frees that. */
void ws__lua_screen_patterns(ws__lua *lua);
void ws__lua_clear_screen(ws__lua *lua);
/* If the value at `index` is a keyword list: the list, and the class that it votes for.
 */
const ws__keywords *ws__lua_to_keywords(lua_State *L, int index, int32_t *label);
/* The same for a pattern, or NULL. */
const ws__regex *ws__lua_to_pattern(lua_State *L, int index);
/* If the value at `index` is a pattern: the hash of its text and flags. */
bool ws__lua_pattern_hash(lua_State *L, int index, ws_hash128 *out);
/* What a pattern was made of; the texts live as long as it does. */
void ws__lua_pattern_source(lua_State *L, int index, ws_text *text, ws_text *flags);
/* How often a pattern matches; matches do not overlap. Stops early where the call has run
 * out of time: returning raises that error. */
lua_Integer ws__lua_count_matches(lua_State *L, ws_text text, const ws__regex *regex);
/* The text of argument `index`, checked to be valid UTF-8. */
ws_text ws__lua_check_text(lua_State *L, int index);
/* Raises an error where no file is being loaded. */
void ws__lua_check_loading(lua_State *L, const char *what);
/* The same, and where the file is generated: it may not read others. */
void ws__lua_check_reading(lua_State *L, const char *what);
/* The class that the value at `index` means, as a name or an index. Otherwise an error
 * that says what was found: "1.5, expected a class, its name or its index". */
ws_status ws__lua_read_class(lua_State *L, int index, int32_t *label, ws_error *err);

/* In place of x, at `index`, puts the table of the record's own fields: without derived
 * ones. */
void ws__lua_replace_subject(lua_State *L, int index);

/* The vote that the two values at the top are, of which the second is no nil only if the
 * function returned too many. Pops the second; raises no error of Lua. */
WS_CHECK ws_status ws__lua_read_vote(ws__lua *lua, const ws__lua_lf *lf, int32_t *vote,
                                     ws_error *err);

/* --- bytecode (lua_check.c, lua_bytecode.c) --- */

/* Raises an error where the Lua function at the top assigns a local variable from outside
 * of itself, or a global. Makes the patterns whose text stands in its calls of rx. */
void ws__lua_check_function(lua_State *L);
/* Raises an error for the first line, of the functions that the labeling functions from
 * `first` on and the derived fields lead to, that reads a name or class which is not
 * there, has a pattern that is none, or calls what must stand outside of functions. Its
 * tables are those of ws__lua_make_keys. */
void ws__lua_check_reached(lua_State *L, size_t first, int names, int derived,
                           int environment);
/* Pushes the set of the names that the Lua function at the top, or one inside of it, may
 * read as globals. */
void ws__lua_push_names_read(lua_State *L);

/* --- names of a file (lua_names.c) --- */

/* Pushes a new table `names` with what every file sees. */
void ws__lua_push_names(lua_State *L);
/* Adds to it `class`, and constants for the classes whose names allow that; and to
 * `fixed` what must not be assigned: to what it is. */
void ws__lua_add_classes(lua_State *L, int names, int fixed);
/* Pushes the environment that leads to `names`. */
void ws__lua_push_environment(lua_State *L, int names, int fixed);
/* The line of the function that runs; 0: not known. */
uint64_t ws__lua_current_line(lua_State *L);

/* --- definitions (lua_definition.c) and what is noted about a file (lua_notes.c) --- */

/* Lua knows an assignment of several lines by its last one, lf->line: makes that the line
 * in which "lf.NAME =" stands, if it is found near. */
void ws__lua_find_start(ws__lua *lua, ws_text name, ws__lua_lf *lf);
/* "a number", "nothing" ... of the value at the top, if it is no userdata. */
const char *ws__lua_type_text(lua_State *L);
/* Reads the value at the top, which is assigned to lf->name, and pushes what votes: a
 * function, a keyword list or a pattern. Raises an error where it is none of these. */
void ws__lua_read_definition(lua_State *L, ws__lua_lf *lf);

/* Notes the text at the top about a line of the file that is being loaded, and pops it.
 */
void ws__lua_add_note(lua_State *L, int line);
/* The same about a pattern if it holds a backspace. */
void ws__lua_note_backspace(lua_State *L, int line, ws_text pattern);
/* Notes classes, of the table `names`, that hide a function: once for all files. To be
 * called before the classes are added to it. */
void ws__lua_note_classes(lua_State *L, int names);
/* Remembers the line in which the global is assigned whose name is at an index. */
void ws__lua_keep_line(lua_State *L, int name, uint64_t line);
/* Notes what could be labeling functions among the values of `names` that are not in the
 * set `read`. Raises an error for the first one where the file defines none. */
void ws__lua_note_unused(lua_State *L, int names, int read, bool defines);
/* Notes local functions of the file that nothing uses (lua_locals.c). */
void ws__lua_note_locals(lua_State *L);

/* --- keys (lua_key.c) --- */

void ws__lua_graph_free(ws__lua_graph *graph);

/* Sets the keys of the labeling functions from `first` on, those of the file that was
 * loaded last. Its tables: all names, the derived fields, and the environment. */
void ws__lua_make_keys(lua_State *L, size_t first, int names, int derived,
                       int environment);

#endif
