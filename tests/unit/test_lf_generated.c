/* SPDX-License-Identifier: MIT
 *
 * Generated files: short, and without the id of the record.
 */
#include "../lf/lf_language.h"

static void use_id(lf_fixture *f, const char *field) {
  assert_ok(ws_task_set(f->task, WS_TASK_ID, ws_text_of(field), &f->err), &f->err);
}

static void generated_files_do_not_see_the_id(void **state) {
  lf_fixture *f = *state;
  static const char eyes[] =
      "function lf.%c(x)\n"
      "  local keys = {} for k, v in pairs(x) do keys[#keys + 1] = k end\n"
      "  local first = next(x)\n"
      "  if x.id or x.key or x['k' .. 'ey'] then return SPAM end\n"
      "  assert(x.text == 't' and x.other == 5 and x.inner.id == 'deep')\n"
      "  assert(table.concat(keys, ' ') == 'inner other text' and first == 'inner')\n"
      "  return HAM\n"
      "end\n"
      "function field.%c_keys(x) return x.key or 'none' end\n"
      "lf.%c2 = { field = 'text', run = function(x) return x.%c_keys == 'none' and HAM "
      "or "
      "SPAM end }\n";
  static const char files[4][2][64] = {{"a.lua", ""},
                                       {"b.lua", LF_GENERATED},
                                       {"c.lua", "\xEF\xBB\xBF" LF_GENERATED},
                                       {"d.lua", " " LF_GENERATED}};
  for (int i = 0; i < 4; i++) {
    char source[2048], name = (char)('a' + i);
    int size = snprintf(source, sizeof source, "%s", files[i][1]);
    snprintf(source + size, sizeof source - (size_t)size, eyes, name, name, name, name);
    lf_file(f, files[i][0], source);
  }
  use_id(f, "key");
  lf_data(f, "d.jsonl",
          "{\"key\":\"k1\",\"id\":7,\"text\":\"t\",\"other\":5,"
          "\"inner\":{\"id\":\"deep\"}}\n"
          "{\"key\":\"k2\",\"id\":8,\"text\":\"t\",\"other\":5,"
          "\"inner\":{\"id\":\"deep\"}}\n");
  lf_expect(f, "11000011 11000011");
}

/* A file without derived fields shares its table with others, a generated one does not.
 */
static void generated_files_without_derived_fields_do_not_either(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua", "function lf.a(x) return x.id and SPAM or HAM end\n");
  lf_file(f, "b.lua", LF_GENERATED "function lf.b(x) return x.id and SPAM or HAM end\n");
  lf_file(f, "c.lua", "function lf.c(x) return x.id and SPAM or HAM end\n");
  lf_data(f, "d.jsonl", LF_TITLES);
  lf_expect(f, "101 101 101 101");
}

static void the_id_is_no_field_for_generated_files(void **state) {
  lf_fixture *f = *state;
  use_id(f, "key");
  lf_refused(
      f, LF_GENERATED "lf.a = { label = HAM, field = 'key', run = rx 'k1' }",
      "a.lua:2: lf.a: field: 'key' is the record's id, which a generated file does "
      "not see");
  lf_file(f, "a.lua", "");
  lf_file(f, "b.rules", "# weaksup-generated: v1\nr SPAM /x/\nq HAM  key ~ /1/\n");
  assert_int_equal(lf_load(f), WS_ELF);
  assert_message(&f->err, "b.rules:3:8: the field 'key' is the record's id, which a "
                          "generated file does not see");
  lf_file(f, "b.rules", "# generated\nq HAM  key ~ /1/\n");
  lf_data(f, "d.jsonl", "{\"key\":\"k1\",\"text\":\"t\"}\n");
  lf_expect(f, "0");
}

static void generated_files_are_short(void **state) {
  lf_fixture *f = *state;
  char *source = malloc(20000);
  size_t size = (size_t)snprintf(source, 20000, LF_GENERATED "function lf.a(x) end\n--");
  memset(source + size, '-', 16384 - size);
  source[16384] = '\0';
  lf_file(f, "a.lua", source);
  assert_ok(lf_load(f), &f->err);
  strcat(source, "-");
  lf_refused(f, source,
             "a.lua:1: expected at most 16384 bytes in a generated file, found 16385");
  source[4] = 'W'; // no longer one
  lf_file(f, "a.lua", source);
  assert_ok(lf_load(f), &f->err);
  free(source);
}

/* x as the table of replacements is another way to its fields. */
static void generated_files_do_not_replace_by_the_id(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          LF_GENERATED
          "function lf.a(x) return ('id text'):gsub('%w+', x) == 'id Red' and "
          "HAM or SPAM end\n");
  lf_data(f, "d.jsonl", "{\"id\":\"a\",\"text\":\"Red\"}\n");
  lf_expect(f, "0");
}

int main(int argc, char **argv) {
  LF_TEST_WORKER(argc, argv);
#define TEST(name) cmocka_unit_test_setup_teardown(name, lf_setup, lf_teardown)
  const struct CMUnitTest tests[] = {
      TEST(generated_files_do_not_see_the_id),
      TEST(generated_files_without_derived_fields_do_not_either),
      TEST(the_id_is_no_field_for_generated_files),
      TEST(generated_files_are_short),
      TEST(generated_files_do_not_replace_by_the_id),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
