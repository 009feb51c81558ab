/* SPDX-License-Identifier: MIT
 *
 * Prompts that ask a language model for labeling functions (LFs): a template with
 * placeholders, and the values that go into it.
 *
 * What comes from elsewhere is data. Records, their hints and the reasons of rejections
 * stand between two marks, <MARKER> and </MARKER>, where MARKER is a word that occurs in
 * none of the values; every text is cut to a length; control characters (but line ends
 * and tabs), marks that turn the direction of writing and what is no UTF-8 become '?'.
 * Nothing that a value holds is taken for a placeholder.
 *
 * The language of templates (docs/generate.md):
 *   {{NAME}}                               a value
 *   {{#if NAME}} ... {{else}} ... {{/if}}  where the value is there, else
 *   {{#each LIST}} ... {{/each}}           once for each item, whose values have names
 *   {{#variant NAME}} ... {{/variant}}     in rounds of this variant only
 *   {{#system}} ... {{/system}}            goes to the system text of a request
 *   {{! ...}}                              a remark
 * A line with nothing on it but a tag of a section or a remark leaves no empty line.
 */
#ifndef WEAKSUP_PROMPT_H
#define WEAKSUP_PROMPT_H

#include <weaksup/hash.h>
#include <weaksup/task.h>

WS_BEGIN_DECLS

/* What kinds of LFs are asked for. */
typedef enum ws_prompt_kind {
  WS_PROMPT_MIXED, // both
  WS_PROMPT_LUA,   // functions and lists of keywords, in Lua
  WS_PROMPT_RULES, // patterns and lists of keywords: nothing that is code
  WS_PROMPT_KINDS  // how many there are
} ws_prompt_kind;

/* "mixed", "lua", "rules". */
WS_API const char *ws_prompt_kind_name(ws_prompt_kind kind);
/* False for other words. */
WS_API bool ws_prompt_kind_of(ws_text name, ws_prompt_kind *out);

/* What a round puts the weight on: sections of the template under these names. */
typedef enum ws_prompt_variant {
  WS_PROMPT_GENERAL,  // "general"
  WS_PROMPT_DESCRIBE, // "describe": from the meaning of the classes, records aside
  WS_PROMPT_EXAMPLES, // "examples": from records with gold labels
  WS_PROMPT_KEYWORDS, // "keywords": lists of words
  WS_PROMPT_RULES_OF, // "rules": patterns
  WS_PROMPT_ERRORS,   // "errors": hard records and what was rejected
  WS_PROMPT_VARIANTS  // how many there are
} ws_prompt_variant;

WS_API const char *ws_prompt_variant_name(ws_prompt_variant variant);

/* --- templates ---------------------------------------------------------------------- */

typedef struct ws_prompt_template ws_prompt_template;

/* Reads a template, which is copied. `name` is for messages and stays borrowed no longer
 * than the call. WS_EPARSE with NAME:LINE where a placeholder or a variant is unknown
 * (with what was perhaps meant), a section is not closed, or the text is no UTF-8. */
WS_API WS_CHECK ws_status ws_prompt_template_new(const char *name, ws_text text,
                                                 ws_prompt_template **out, ws_error *err);
/* The same from a file of at most 1 MiB, which lists the classes by name, constant or
 * rule: without these no reply could hold an LF, and it is WS_EPARSE. NULL: the template
 * that is part of the library. */
WS_API WS_CHECK ws_status ws_prompt_template_load(const char *path,
                                                  ws_prompt_template **out,
                                                  ws_error *err);
WS_API void ws_prompt_template_free(ws_prompt_template *t);
/* Appends the text of the template that is part of the library, to begin one's own with.
 */
WS_API WS_CHECK ws_status ws_prompt_template_default(ws_buffer *out);

/* The hash of its text, for provenance. */
WS_API ws_hash128 ws_prompt_template_hash(const ws_prompt_template *t);
/* Whether it has a section for the variant. */
WS_API bool ws_prompt_template_has(const ws_prompt_template *t,
                                   ws_prompt_variant variant);

/* --- values ------------------------------------------------------------------------- */

typedef struct ws_prompt_example {
  ws_text text;
  int32_t label; // class index
} ws_prompt_example;

/* An LF that is there already. */
typedef struct ws_prompt_lf {
  ws_text name;
  int32_t label;         // WS_ABSTAIN: several
  double coverage;       // share of the records, 0 .. 1; NaN: not known
  double accuracy;       // share of its votes that are right, 0 .. 1, as the label model
                         // estimates it; NaN: not known
  uint64_t votes, right; // on records with gold that prompts may show
} ws_prompt_lf;

typedef struct ws_prompt_hard {
  ws_text text;
  ws_text why; // "no LF votes", "SPAM 2, HAM 1"
} ws_prompt_hard;

typedef struct ws_prompt_rejection {
  ws_text name;
  ws_text reason; // a code and what was found
} ws_prompt_rejection;

/* Everything is borrowed for the call; lists may be empty. */
typedef struct ws_prompt_values {
  const ws_task *task; // classes, their descriptions, the task in words; must be set
  size_t n;            // how many LFs are asked for
  ws_prompt_kind kind;
  ws_prompt_variant variant;
  bool constrained;          // the reply is held to the schema of ws_reply_schema
  uint64_t seed;             // of the marker, beside the values themselves
  const ws_text *unlabelled; // [unlabelled_count] records
  size_t unlabelled_count;
  const ws_prompt_example *examples; // [example_count] from dev
  size_t example_count;
  const ws_prompt_lf *existing; // [existing_count]
  size_t existing_count;
  const ws_prompt_hard *hard; // [hard_count]
  size_t hard_count;
  const ws_prompt_rejection *rejections; // [rejection_count] of the last round
  size_t rejection_count;
} ws_prompt_values;

/* How much of the values goes into a prompt. */
typedef struct ws_prompt_limits {
  size_t record;   // characters of a record; default 500
  size_t words;    // characters of the task in words, and of a class's description; 2000
  size_t line;     // characters of `why` and `reason`, which are put on one line; 200
  size_t items;    // of unlabelled, examples, hard and rejections each: the first; 40
  size_t existing; // of existing: the first; 200
} ws_prompt_limits;

WS_API ws_prompt_limits ws_prompt_limits_default(void);

/* Whether the values have what the variant is about, and the template a section for it:
 * examples for "examples", hard records or rejections for "errors", a kind that allows
 * them for "rules". */
WS_API bool ws_prompt_variant_fits(const ws_prompt_template *t,
                                   const ws_prompt_values *values,
                                   ws_prompt_variant variant);
/* The variant of a round, from 0: those that fit take turns, in their order. General
 * where none does. values->variant does not count. */
WS_API ws_prompt_variant ws_prompt_variant_of(const ws_prompt_template *t,
                                              const ws_prompt_values *values,
                                              uint64_t round);

/* --- prompts ------------------------------------------------------------------------ */

/* Start from {0}. */
typedef struct ws_prompt {
  ws_buffer system, text; // valid UTF-8 without NUL; system may be empty
  size_t tokens;          // an estimate: a token for each 4 bytes of the two
  size_t cut;             // values that were cut, and items that were left out
  char marker[24];
  ws_hash128 hash; // of the two texts
} ws_prompt;

/* Writes the prompt: the same bytes for the same template, values and limits (NULL:
 * defaults). WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_prompt_write(const ws_prompt_template *t,
                                          const ws_prompt_values *values,
                                          const ws_prompt_limits *limits, ws_prompt *out,
                                          ws_error *err);
WS_API void ws_prompt_clear(ws_prompt *prompt);

/* The estimate for a text: its bytes / 4, rounded up. */
WS_API size_t ws_prompt_tokens(ws_text text);

WS_END_DECLS

#endif
