/* SPDX-License-Identifier: MIT
 *
 * Questions on the terminal. They go to standard error: standard output is data.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/text.h>

#include "init.h"
#include "quote.h"
#include "stop.h"

enum {
  ANSWER_MOST = 1 << 16,
  EXAMPLE_COLUMNS = 40,
  NAME_COLUMNS = 30,
  FIELDS_SHOWN = 12
};

const char *init_copy(init *in, ws_text text) {
  ws_text copy;
  return ws_arena_text(&in->arena, text, &copy) == WS_OK ? copy.data : NULL;
}

const char *init_clean(init *in, ws_text text) {
  char *copy = ws_arena_alloc(&in->arena, text.size + 1);
  if (!copy) return "?";
  if (text.size) memcpy(copy, text.data, text.size);
  copy[text.size] = '\0';
  ws_text_clean(copy, text.size);
  return copy;
}

static ws_status ended(const char *question, ws_error *err) {
  fputc('\n', stderr);
  return ws_error_set(
      err, WS_EINVAL,
      "expected an answer to '%s', found the end of the input: nothing is "
      "written",
      question);
}

/* A line without its end and the blanks around it. */
static bool read_line(char *line, size_t size, ws_text *out) {
  stop_at_once(true);
  bool read = fgets(line, (int)size, stdin) != NULL;
  stop_at_once(false);
  if (!read) return false;
  size_t start = strspn(line, " \t"), end = strlen(line);
  while (end > start && strchr(" \t\r\n", line[end - 1])) end--;
  *out = (ws_text){line + start, end - start};
  return true;
}

ws_status init_ask(init *in, const char *question, const char *proposed,
                   const char **answer, ws_error *err) {
  char line[ANSWER_MOST];
  ws_text text;
  fprintf(stderr, "%s", question);
  if (*proposed) fprintf(stderr, " [%s]", init_clean(in, ws_text_of(proposed)));
  fputs(": ", stderr);
  fflush(stderr);
  if (!read_line(line, sizeof line, &text)) return ended(question, err);
  if (!ws_utf8_valid(text))
    return ws_error_set(err, WS_EINVAL, "expected an answer in UTF-8, found other bytes");
  if (text.size == 0) text = ws_text_of(proposed);
  *answer = init_copy(in, text);
  return *answer ? WS_OK : ws_error_nomem(err);
}

static void put_example(const ws_field_info *field) {
  ws_buffer shown = {0};
  ws_type type = ws_value_type(field->example);
  ws_status status = WS_OK;
  if (type == WS_STRING)
    status = quote(&shown, ws_value_text(field->example), EXAMPLE_COLUMNS);
  else if (type == WS_INT)
    status = ws_buffer_printf(&shown, "%lld", (long long)ws_value_int(field->example));
  else
    status = ws_buffer_string(&shown, ws_value_type_text(field->example));
  if (status == WS_OK) fprintf(stderr, "  %s", shown.data);
  ws_buffer_clear(&shown);
}

void init_show_fields(init *in, const ws_field_survey *survey) {
  size_t records = ws_field_survey_records(survey), count = ws_field_survey_count(survey);
  fprintf(stderr, "\n%-*s  filled  different  the first one\n", NAME_COLUMNS, "field");
  for (size_t i = 0; i < count && i < FIELDS_SHOWN; i++) {
    const ws_field_info *field = ws_field_survey_at(survey, i);
    const char *name = init_clean(in, field->name);
    size_t width = ws_text_width(ws_text_of(name));
    fprintf(stderr, "%s%*s  %5.0f%%  %9zu", name,
            width < NAME_COLUMNS ? (int)(NAME_COLUMNS - width) : 0, "",
            100.0 * (double)field->filled / (double)records, field->distinct);
    put_example(field);
    fputc('\n', stderr);
  }
  if (count > FIELDS_SHOWN) fprintf(stderr, "and %zu more\n", count - FIELDS_SHOWN);
  fputc('\n', stderr);
}
