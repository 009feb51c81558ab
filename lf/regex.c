/* SPDX-License-Identifier: MIT
 *
 * PCRE2 patterns: the one file that includes pcre2.h.
 *
 * Subjects are validated where text enters, and matching then skips PCRE2's own check.
 * Every match has a limit on its steps, so that no pattern can hang; running into it is
 * an error and never "no match".
 */
#include "regex.h"

#include <limits.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/task_file.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum {
  PARENTHESES = 50,           // nested
  HEAP_KIB = 16 * 1024,       // of the interpreter
  JIT_STACK_MIN = 32 * 1024,  // bytes
  JIT_STACK_MAX = 1024 * 1024 // bytes
};

struct ws__regexes {
  pcre2_general_context *memory;
  pcre2_compile_context *compile;
  pcre2_match_context *match;
  pcre2_jit_stack *stack; // NULL: the JIT uses the machine's
  pcre2_match_data *data; // room for `groups` groups
  uint32_t groups;
  uint64_t steps;
  bool no_jit;
};

struct ws__regex {
  ws__regexes *shared;
  pcre2_code *code;
  uint32_t groups; // with the whole match
  bool jit;
};

#define TEXT_OF(number)            #number
#define VERSION_TEXT(major, minor) TEXT_OF(major) "." TEXT_OF(minor)

const char *ws_pcre2_version(void) {
  return "PCRE2 " VERSION_TEXT(PCRE2_MAJOR, PCRE2_MINOR);
}

bool ws_pcre2_jit(void) {
  uint32_t there = 0;
  return pcre2_config(PCRE2_CONFIG_JIT, &there) == 0 && there;
}

static void *allocate(PCRE2_SIZE size, void *user) {
  (void)user;
  return ws_alloc(size);
}

static void release(void *ptr, void *user) {
  (void)user;
  ws_free(ptr);
}

void ws__regexes_free(ws__regexes *regexes) {
  if (!regexes) return;
  pcre2_match_data_free(regexes->data);
  pcre2_jit_stack_free(regexes->stack);
  pcre2_match_context_free(regexes->match);
  pcre2_compile_context_free(regexes->compile);
  pcre2_general_context_free(regexes->memory);
  ws_free(regexes);
}

/* Makes room for the offsets of so many groups. */
static ws_status reserve_groups(ws__regexes *regexes, uint32_t groups) {
  if (regexes->data && groups <= regexes->groups) return WS_OK;
  pcre2_match_data *data = pcre2_match_data_create(groups, regexes->memory);
  if (!data) return WS_ENOMEM;
  pcre2_match_data_free(regexes->data);
  regexes->data = data;
  regexes->groups = groups;
  return WS_OK;
}

static ws_status set_up(ws__regexes *regexes) {
  regexes->memory = pcre2_general_context_create(allocate, release, NULL);
  if (!regexes->memory) return WS_ENOMEM;
  regexes->compile = pcre2_compile_context_create(regexes->memory);
  regexes->match = pcre2_match_context_create(regexes->memory);
  if (!regexes->compile || !regexes->match) return WS_ENOMEM;
  pcre2_set_max_pattern_length(regexes->compile, WS__REGEX_MAX);
  pcre2_set_parens_nest_limit(regexes->compile, PARENTHESES);
  uint64_t steps = regexes->steps;
  pcre2_set_match_limit(regexes->match,
                        steps < UINT32_MAX ? (uint32_t)steps : UINT32_MAX);
  pcre2_set_heap_limit(regexes->match, HEAP_KIB);
  regexes->stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, regexes->memory);
  if (regexes->stack) pcre2_jit_stack_assign(regexes->match, NULL, regexes->stack);
  return reserve_groups(regexes, 10);
}

ws_status ws__regexes_new(uint64_t steps, ws__regexes **out) {
  ws__regexes *regexes = ws_alloc_zero(1, sizeof *regexes);
  if (!regexes) return WS_ENOMEM;
  regexes->steps = steps;
  ws_status status = set_up(regexes);
  if (status == WS_OK)
    *out = regexes;
  else
    ws__regexes_free(regexes);
  return status;
}

void ws__regexes_end_jit(ws__regexes *regexes) {
  regexes->no_jit = true;
}

static ws_status read_flags(ws_text flags, uint32_t *options, size_t *offset,
                            ws_error *err) {
  for (size_t i = 0; i < flags.size; i++) switch (flags.data[i]) {
    case 'i':
      *options |= PCRE2_CASELESS;
      break;
    case 's':
      *options |= PCRE2_DOTALL;
      break;
    case 'm':
      *options |= PCRE2_MULTILINE;
      break;
    case 'x':
      *options |= PCRE2_EXTENDED;
      break;
    default: {
      ws_text rest = {flags.data + i, flags.size - i};
      *offset += i;
      return ws_error_set(err, WS_EPARSE,
                          "unknown flag '%.*s': the flags of a pattern are i, s, m and x",
                          WS_TEXT_ARG(rest));
    }
    }
  return WS_OK;
}

static bool holds(ws_text text, const char *part) {
  size_t size = strlen(part);
  for (size_t i = 0; i + size <= text.size; i++)
    if (memcmp(text.data + i, part, size) == 0) return true;
  return false;
}

/* PCRE2 10.42 takes the first and the last code unit that a subject must hold from
 * look-aheads too, and so misses that (?=b)a?b matches "ab". */
static bool has_look_ahead(ws_text pattern) {
  return holds(pattern, "(?=") || holds(pattern, "(?*") || holds(pattern, "(*p") ||
         holds(pattern, "(*n");
}

static ws_status compile(ws__regex *regex, ws_text pattern, uint32_t options,
                         size_t *offset, ws_error *err) {
  int code = 0;
  PCRE2_SIZE at = 0;
  options |= PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;
  if (has_look_ahead(pattern)) options |= PCRE2_NO_START_OPTIMIZE;
  regex->code = pcre2_compile((PCRE2_SPTR)pattern.data, pattern.size, options, &code, &at,
                              regex->shared->compile);
  if (regex->code) return WS_OK;
  if (code == PCRE2_ERROR_HEAP_FAILED) return ws_error_nomem(err);
  char message[256];
  pcre2_get_error_message(code, (PCRE2_UCHAR *)message, sizeof message);
  *offset = at < pattern.size ? at : pattern.size;
  return ws_error_set(err, WS_EPARSE, "%s", message);
}

/* Where there is no JIT, or no memory for it, the interpreter does the work. */
static bool make_code(const ws__regex *regex) {
  size_t size = 0; // none is made where the pattern begins with (*NO_JIT)
  return !regex->shared->no_jit &&
         pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE) == 0 &&
         pcre2_pattern_info(regex->code, PCRE2_INFO_JITSIZE, &size) == 0 && size > 0;
}

ws_status ws__regex_new(ws__regexes *regexes, ws_text pattern, ws_text flags,
                        ws__regex **out, size_t *offset, ws_error *err) {
  uint32_t options = 0, captures = 0;
  *offset = pattern.size + 1;
  WS_TRY(read_flags(flags, &options, offset, err));
  ws__regex *regex = ws_alloc_zero(1, sizeof *regex);
  if (!regex) return ws_error_nomem(err);
  regex->shared = regexes;
  ws_status status = compile(regex, pattern, options, offset, err);
  if (status != WS_OK) goto fail;
  regex->jit = make_code(regex);
  pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &captures);
  regex->groups = captures + 1;
  if (reserve_groups(regexes, regex->groups) != WS_OK) {
    status = ws_error_nomem(err);
    goto fail;
  }
  *out = regex;
  return WS_OK;

fail:
  ws__regex_free(regex);
  return status;
}

void ws__regex_free(ws__regex *regex) {
  if (!regex) return;
  pcre2_code_free(regex->code);
  ws_free(regex);
}

size_t ws__regex_size(const ws__regex *regex) {
  size_t code = 0, jit = 0;
  pcre2_pattern_info(regex->code, PCRE2_INFO_SIZE, &code);
  pcre2_pattern_info(regex->code, PCRE2_INFO_JITSIZE, &jit);
  return sizeof *regex + code + jit;
}

/* The machine code's stack is smaller than what the interpreter may take, to which it
 * leaves what does not fit: whether there is an answer must not depend on who gives it.
 */
int ws__regex_match(const ws__regex *regex, ws_text subject, size_t start) {
  const ws__regexes *shared = regex->shared;
  PCRE2_SPTR data = (PCRE2_SPTR)(subject.data ? subject.data : "");
  int found = PCRE2_ERROR_JIT_STACKLIMIT;
  if (regex->jit)
    found = pcre2_jit_match(regex->code, data, subject.size, start, 0, shared->data,
                            shared->match);
  if (found == PCRE2_ERROR_JIT_STACKLIMIT)
    found = pcre2_match(regex->code, data, subject.size, start,
                        PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, shared->data, shared->match);
  if (found == PCRE2_ERROR_NOMATCH) return 0;
  return found < 0 ? found : 1;
}

const size_t *ws__regex_groups(const ws__regex *regex, size_t *count) {
  _Static_assert(PCRE2_UNSET == SIZE_MAX, "an unset group is a pair of SIZE_MAX");
  *count = regex->groups;
  return pcre2_get_ovector_pointer(regex->shared->data);
}

ws__regex_failed ws__regex_failure(int code) {
  switch (code) {
  case PCRE2_ERROR_MATCHLIMIT:
  case PCRE2_ERROR_DEPTHLIMIT:
  case PCRE2_ERROR_HEAPLIMIT:
  case PCRE2_ERROR_JIT_STACKLIMIT:
    return WS__REGEX_STEPS;
  case PCRE2_ERROR_NOMEMORY:
    return WS__REGEX_MEMORY;
  default:
    return WS__REGEX_OTHER;
  }
}

ws_status ws__regex_explain(const ws__regex *regex, int code, ws_error *err) {
  char message[256];
  switch (ws__regex_failure(code)) {
  case WS__REGEX_STEPS:
    return ws_error_set(err, WS_ELF, "the pattern needs more than %llu steps",
                        (unsigned long long)regex->shared->steps);
  case WS__REGEX_MEMORY:
    return ws_error_nomem(err);
  default:
    pcre2_get_error_message(code, (PCRE2_UCHAR *)message, sizeof message);
    return ws_error_set(err, WS_ELF, "the pattern cannot be matched: %s", message);
  }
}
