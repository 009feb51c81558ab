/* SPDX-License-Identifier: MIT
 *
 * The header of a generated file: comments in front of the code that say where it comes
 * from, and by a hash whether it was edited since.
 *
 *   -- weaksup-generated: v1 | lf=promo | status=accepted | round=2 | variant=rules
 *   -- model=qwen3 | template=6f... | prompt=0a... | reply=77...
 *   -- tokens=812/240 | cost-usd=0.00061
 *   -- evidence=dev 38/41 precision 0.927 [0.806, 0.975], coverage 0.0310
 *   -- header=1f3c... | source=9b20...
 *
 * In rules the lines begin with "# ". Values are written with %XX for '|', '%', control
 * characters and what is no UTF-8. `source` is the hash of everything below the header,
 * `header` that of the lines above this one; a line may end in CR LF, which counts as LF.
 */
#ifndef WEAKSUP_PROVENANCE_H
#define WEAKSUP_PROVENANCE_H

#include <weaksup/hash.h>
#include <weaksup/text.h>

WS_BEGIN_DECLS

#define WS_PROVENANCE_MAX (2u << 10) // bytes of a header; long values are cut for it

/* Texts may be empty: not known, and left out. */
typedef struct ws_provenance {
  ws_text lf;      // the name, or several with blanks between them
  ws_text status;  // "accepted", "unproven", "rejected"
  ws_text variant; // of the prompt
  ws_text model;
  ws_text endpoint; // how it was asked: "openai", "cmd", "replay"; never an address with
                    // a key in it
  ws_text date;     // as it is given: what is written must not depend on the clock
  ws_text parent;   // the LF that this one is to replace
  ws_text evidence; // in words and numbers
  uint64_t round;   // from 1; 0: not known
  ws_hash128 template_hash, prompt, reply; // zeros: not known
  uint64_t prompt_tokens, reply_tokens;    // of the request that it came with; 0 and 0:
                                           // not known
  bool estimated;                          // the tokens are
  double cost_usd;                         // of that request; below 0: not known
} ws_provenance;

/* Appends the header, then the code, which must end in a line end or be empty. `rules`
 * for *.rules files. */
WS_API WS_CHECK ws_status ws_provenance_write(const ws_provenance *p, bool rules,
                                              ws_text source, ws_buffer *out);

typedef enum ws_provenance_state {
  WS_PROVENANCE_NONE,      // not a generated file
  WS_PROVENANCE_UNCHANGED, // the code below the header is as it was generated
  WS_PROVENANCE_EDITED,    // it is not
  WS_PROVENANCE_DAMAGED, // it says that it was generated, but its header was changed, or
                         // cannot be read
} ws_provenance_state;

WS_API const char *ws_provenance_state_name(ws_provenance_state state); // "unchanged"

/* What a file says. Start from {0}. */
typedef struct ws_provenance_file {
  ws_provenance_state state;
  ws_provenance header; // as far as it can be read; texts in `texts`
  size_t source;        // the byte of the file at which the code begins; 0 where there is
                        // no header that can be read
  char problem[128];    // of a damaged one: what was expected; else empty
  uint64_t problem_line; // from 1
  ws_buffer texts;
} ws_provenance_file;

/* Reads the header of a file of any content, and compares. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_provenance_read(ws_text file, ws_provenance_file *out);
WS_API void ws_provenance_clear(ws_provenance_file *file);

/* --- folders ------------------------------------------------------------------------ */

typedef struct ws_provenance_entry {
  const char *path; // as a user would write it; bytes from elsewhere
  ws_provenance_file file;
} ws_provenance_entry;

typedef struct ws_provenance_list ws_provenance_list;

/* Looks at the *.lua and *.rules files that ws_lf_set_load would read of this folder, or
 * at one file, in the same order. Nothing is run. WS_EIO, with the path, where it is not
 * there or a file cannot be read; WS_EPARSE where one is no UTF-8. */
WS_API WS_CHECK ws_status ws_provenance_list_load(const char *folder,
                                                  ws_provenance_list **out,
                                                  ws_error *err);
WS_API void ws_provenance_list_free(ws_provenance_list *list);
WS_API size_t ws_provenance_list_count(const ws_provenance_list *list);
WS_API const ws_provenance_entry *ws_provenance_list_at(const ws_provenance_list *list,
                                                        size_t i);

WS_END_DECLS

#endif
