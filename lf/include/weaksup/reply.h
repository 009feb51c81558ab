/* SPDX-License-Identifier: MIT
 *
 * What a language model replied, read as candidates for labeling functions (LFs).
 *
 * Nothing is run and nothing is repaired: what is not as it should be is left out, and a
 * problem says so with a code. Reading knows nothing of the prompt. A candidate is a file
 * of its own, *.lua or *.rules, without its header of provenance; that it loads, and what
 * it is worth, is for others to find out.
 *
 * Taken are (docs/generate.md):
 *   {"lfs": [{"name", "kind", "label", "code" | "pattern" | "keywords", "rationale"}]},
 *     or the array alone: as the whole reply or in a fenced block;
 *   blocks between ``` or ~~~ (by their length, so that they may hold others) that say
 *     lua, rules, json or nothing;
 *   a reply that is Lua or rules from its first line to its last.
 * What a model thought aloud (<think>) is dropped in front.
 *
 * One LF, one candidate, where that is safe: a block of Lua is parted at its outermost
 * statements, and each LF keeps the block's derived fields and those of its locals that
 * it needs, in their order. A block with other statements at its outermost level, or in
 * which LFs speak of one another, stays one candidate with several names. Of rules, each
 * line is one.
 */
#ifndef WEAKSUP_REPLY_H
#define WEAKSUP_REPLY_H

#include <weaksup/prompt.h>

WS_BEGIN_DECLS

#define WS_REPLY_BYTES_MAX (1u << 20) // of a reply
#define WS_REPLY_LFS_MAX   64         // LFs of a reply
/* Bytes of a candidate. With a header of provenance it is a generated file, which may
 * have 16 KiB. */
#define WS_REPLY_SOURCE_MAX    (14u << 10)
#define WS_REPLY_NAME_MAX      100  // bytes of an LF's name
#define WS_REPLY_KEYWORDS_MAX  1000 // of a list
#define WS_REPLY_RATIONALE_MAX 500  // bytes; more is cut

/* Why something was left out, or what a person should know. The text is what
 * ws_reply_code_text says. */
#define WS_REPLY_CODE_MAP(X)                                                             \
  X(EMPTY, "empty", "the reply is empty")                                                \
  X(TOO_LARGE, "too_large", "the reply is longer than 1 MiB")                            \
  X(UNCLOSED_THOUGHT, "unclosed_thought", "the reply ends within <think>")               \
  X(NO_CODE, "no_code", "the reply holds no block of code and no JSON")                  \
  X(TRUNCATED, "truncated", "the reply was cut: its last block or item is dropped")      \
  X(BAD_UTF8, "bad_utf8", "bytes that are no UTF-8")                                     \
  X(NUL_BYTE, "nul_byte", "a NUL")                                                       \
  X(BAD_CHARACTER, "bad_character",                                                      \
    "a character that code cannot have, as a typographic quote or a hidden character")   \
  X(BAD_JSON, "bad_json", "malformed JSON, or not in the form that is asked for")        \
  X(WRONG_LANGUAGE, "wrong_language", "a block in another language")                     \
  X(WRONG_KIND, "wrong_kind", "a kind of labeling function that was not asked for")      \
  X(NO_LF, "no_lf", "a block without a labeling function")                               \
  X(BAD_NAME, "bad_name", "a name that labeling functions cannot have")                  \
  X(DUPLICATE_NAME, "duplicate_name", "a second labeling function of one name")          \
  X(NAME_TAKEN, "name_taken", "the name of a labeling function that is there already")   \
  X(NAME_MISMATCH, "name_mismatch", "the code defines another name than is said")        \
  X(BAD_LABEL, "bad_label", "a class that the task does not have")                       \
  X(BAD_PATTERN, "bad_pattern", "a pattern that cannot be written as a rule")            \
  X(BAD_RULE, "bad_rule", "a line that is no rule")                                      \
  X(BAD_KEYWORDS, "bad_keywords", "keywords that are no list of words")                  \
  X(BAD_TEST, "bad_test", "a test above a labeling function that is none")               \
  X(NEEDS_FILE, "needs_file", "it reads a file, which a generated one has not")          \
  X(TOO_LONG, "too_long", "a labeling function longer than 14 KiB")                      \
  X(TOO_MANY, "too_many", "more than 64 labeling functions")

typedef enum ws_reply_code {
#define WS_REPLY_CODE_ENUM(name, word, text) WS_REPLY_##name,
  WS_REPLY_CODE_MAP(WS_REPLY_CODE_ENUM)
#undef WS_REPLY_CODE_ENUM
      WS_REPLY_CODES
} ws_reply_code;

WS_API const char *ws_reply_code_name(ws_reply_code code); // "bad_json"
WS_API const char *ws_reply_code_text(ws_reply_code code);

typedef struct ws_reply_problem {
  ws_reply_code code;
  uint64_t line;       // of the reply, from 1; 0: all of it
  ws_text name;        // of the LF, as far as it is known; may be empty. Cleaned, and cut
                       // to 100 bytes
  const char *message; // one line of UTF-8: what was expected, what was found
  bool dropped;        // it cost a candidate, or all; false: only to be known
} ws_reply_problem;

typedef enum ws_reply_kind {
  WS_REPLY_LUA,      // a *.lua file
  WS_REPLY_RULES,    // a *.rules file
  WS_REPLY_KEYWORDS, // a *.lua file with a list of keywords and nothing else: no code
} ws_reply_kind;

WS_API const char *ws_reply_kind_name(ws_reply_kind kind);   // "lua", "rules", "keywords"
WS_API const char *ws_reply_kind_suffix(ws_reply_kind kind); // ".lua", ".rules"

typedef struct ws_reply_candidate {
  const ws_text *names; // [name_count] of the LFs that the file defines: each fits
                        // [A-Za-z_][A-Za-z0-9_.-]*, so that names[0] with a suffix is the
                        // name of a file. No two of a reply are the same, in any case
  size_t name_count;    // 1 as a rule. Names that code puts together are not found: the
                        // file may define more, which loading it tells
  ws_reply_kind kind;
  int32_t label;     // the class that it says it votes for; WS_ABSTAIN: not said
  ws_text source;    // the file, ends in a line end; valid UTF-8 without NUL
  ws_text rationale; // one line, cleaned; may be empty
  uint64_t line;     // of the reply, from 1; of items in JSON that where it begins
  // The bytes of the source that other candidates of this reply have, too: locals and
  // derived fields of their block.
  size_t shared;
} ws_reply_candidate;

typedef struct ws_reply ws_reply;

typedef struct ws_reply_options {
  const ws_task *task; // must be set; borrowed for the call
  ws_prompt_kind kind; // what was asked for: other kinds are problems
  bool truncated;      // the server said that it stopped in the middle (its finish reason
                       // is "length")
  const ws_text *taken; // [taken_count] names of LFs that are there already
  size_t taken_count;
} ws_reply_options;

/* Reads a reply, whose bytes may be anything and are copied. That none of it can be used
 * is no error: there are problems then, and no candidates. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_reply_read(ws_text bytes, const ws_reply_options *options,
                                        ws_reply **out, ws_error *err);
WS_API void ws_reply_free(ws_reply *reply);

/* In the order of the reply. */
WS_API size_t ws_reply_count(const ws_reply *reply);
WS_API const ws_reply_candidate *ws_reply_at(const ws_reply *reply, size_t i);
WS_API size_t ws_reply_problems(const ws_reply *reply);
WS_API const ws_reply_problem *ws_reply_problem_at(const ws_reply *reply, size_t i);
/* How many bytes of it were thoughts. */
WS_API size_t ws_reply_thought(const ws_reply *reply);

/* Appends a JSON schema of replies, on one line, for servers that hold a model to one: at
 * most `n` LFs of these kinds, labels being the task's classes. All members are required
 * and none are added, as strict servers demand. */
WS_API WS_CHECK ws_status ws_reply_schema(const ws_task *task, ws_prompt_kind kind,
                                          size_t n, ws_buffer *out);

WS_END_DECLS

#endif
