/* SPDX-License-Identifier: MIT
 *
 * The language of labeling functions: options, votes, tables in files, what is refused
 * with which words, what is noted.
 */
#include "../lf/lf_test.h"

/* The file does not load; the message, without the folder in front, is this. */
static void refused(lf_fixture *f, const char *source, const char *message) {
  lf_file(f, "a.lua", source);
  assert_int_equal(lf_load(f), WS_ELF);
  size_t front = strlen(f->lfs);
  if (strncmp(f->err.message, f->lfs, front) != 0) print_error("%s\n", f->err.message);
  assert_int_equal(strncmp(f->err.message, f->lfs, front), 0);
  assert_string_equal(f->err.message + front + 1, message);
}

/* The first vote of a function with this body is an error with this message. */
static void fails(lf_fixture *f, const char *source, const char *message) {
  lf_file(f, "a.lua", source);
  assert_ok(lf_load(f), &f->err);
  assert_ok(lf_apply(f), &f->err);
  assert_string_equal(lf_failure(f, 0, 0), message);
}

static const char titles[] =
    "{\"id\":\"a\",\"text\":\"Red\",\"title\":\"BLUE one\",\"n\":1}\n"
    "{\"id\":\"b\",\"text\":\"blue\",\"title\":null}\n"
    "{\"id\":\"c\",\"text\":\"green\"}\n"
    "{\"id\":\"d\",\"text\":\"green\",\"title\":\"Red\"}\n";

/* --- options ------------------------------------------------------------------------ */

static void a_label_makes_true_a_vote(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "lf.yes = { label = SPAM, run = function(x) return x.text == 'Red' end }\n"
          "lf.own = { label = 'HAM', run = function(x) return HAM end }\n"
          "lf.none = { label = 1, run = function(x) return ABSTAIN end }\n"
          "lf.any = { run = function(x) return #x.text == 3 and HAM or 1 end }\n");
  lf_data(f, "d.jsonl", titles);
  lf_expect(f, "10-0 -0-1 -0-1 -0-1");
  assert_int_equal(ws_lf_set_at(f->set, 0)->label, 1);
  assert_int_equal(ws_lf_set_at(f->set, 0)->kind, WS_LF_LUA);
  assert_int_equal(ws_lf_set_at(f->set, 3)->label, WS_ABSTAIN);
}

static void with_a_label_another_class_is_an_error(void **state) {
  lf_fixture *f = *state;
  lf_data(f, "d.jsonl", titles);
  fails(f, "lf.a = { label = SPAM, run = function(x) return HAM end }",
        "a.lua:1: in 'a': returned 'HAM', but its label is 'SPAM': expected that class, "
        "true, or nil for no vote");
  fails(f, "lf.a = { label = SPAM, run = function(x) return 'Spam!' end }",
        "a.lua:1: in 'a': returned 'Spam!', which is no class, did you mean 'SPAM'?");
  fails(f, "lf.a = { label = SPAM, run = function(x) return x.text:find 'Red' end }",
        "a.lua:1: in 'a': returned two values, expected one: true, or nil for no vote");
  fails(f, "function lf.a(x) return true end",
        "a.lua:1: in 'a': returned true, expected a class: it has no label (lf.NAME = { "
        "label = HAM, run = function(x) ... end } has one)");
}

static void a_field_takes_the_place_of_the_text(void **state) {
  lf_fixture *f = *state;
  lf_file(
      f, "a.lua",
      "function field.first(x) return words(x.text)[1] end\n"
      "lf.low = { label = HAM, field = 'title', run = function(x)\n"
      "  return x.lower == 'blue one' and x.text == 'BLUE one' and x.n == 1\n"
      "    and x.first == 'Red' and x.title == x.text and not x.nothing end }\n"
      "lf.any = { label = SPAM, field = 'title', run = function(x) return true end }\n"
      "lf.rx = { label = SPAM, field = 'title', run = rx('^blue', 'i') }\n"
      "lf.words = { field = 'title', run = keywords(HAM, { 'red' }) }\n"
      "function lf.usual(x) if x.text == 'Red' and x.lower == 'red' then return HAM "
      "end end\n"
      "lf.same = { label = SPAM, field = 'text', run = rx 'Red' }\n"
      "lf.bare = { label = SPAM, run = rx 'een' }\n"
      "lf.last = { label = HAM, field = 'title', run = function(x) return x.lower == "
      "'red' and x.lower == 'red' end }\n");
  lf_data(f, "d.jsonl", titles);
  lf_expect(f, "011-01-- -------- ------1- -1-0--10");
  assert_int_equal(ws_lf_set_at(f->set, 2)->kind, WS_LF_RULE);
  assert_int_equal(ws_lf_set_at(f->set, 2)->label, 1);
  assert_int_equal(ws_lf_set_at(f->set, 3)->kind, WS_LF_KEYWORDS);
  assert_true(ws_text_equals(ws_lf_set_at(f->set, 2)->field, "title"));
  assert_null(ws_lf_set_at(f->set, 5)->field.data); // "text" is the usual one
}

static void each_field_has_an_x_of_its_own(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "lf.a = { label = HAM, field = 'u', run = function(x) return x.text == '1' and "
          "x.lower == '1' and next(x) == 'n' end }\n"
          "lf.b = { label = HAM, field = 'v', run = function(x) return x.text == 'B' and "
          "x.lower == 'b' and x.u == '1' end }\n"
          "lf.c = { label = HAM, field = 'u', run = function(x) local n = 0 for k in "
          "pairs(x) do n = n + 1 end return n == 4 end }\n"
          "function lf.d(x) if x.lower == 't' then return SPAM end end\n");
  lf_file(f, "b.lua",
          "lf.e = { label = HAM, field = 'v', run = function(x) x.z = 1 end }\n");
  lf_data(f, "d.jsonl",
          "{\"text\":\"T\",\"u\":\"1\",\"v\":\"B\",\"n\":0}\n"
          "{\"text\":\"T\",\"u\":\"2\",\"v\":\"B\",\"n\":0}\n");
  lf_expect(f, "0001- --01-");
  assert_string_equal(lf_failure(f, 4, 0),
                      "b.lua:1: in 'e': a record is read-only (field 'z')");
}

static void a_field_that_is_no_text_is_an_error(void **state) {
  lf_fixture *f = *state;
  lf_data(f, "d.jsonl", "{\"text\":\"a\",\"n\":1}\n");
  fails(f, "lf.a = { field = 'n', run = function(x) return HAM end }",
        "a.lua:1: in 'a': expected a string in field 'n', found a number");
}

static void a_prior_is_handed_on(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "lf.a = { prior = 0.9, run = function(x) return HAM end }\n"
          "lf.b = { prior = .25, run = keywords(HAM, { 'red' }) }\n"
          "lf.c = { run = function(x) return HAM end }\n");
  lf_data(f, "d.jsonl", titles);
  lf_expect(f, "000 0-0 0-0 0-0");
  assert_near(ws_lf_set_at(f->set, 0)->prior, 0.9, 0);
  assert_near(ws_lf_set_at(f->set, 1)->prior, 0.25, 0);
  assert_near(ws_lf_set_at(f->set, 2)->prior, 0, 0);
}

static void wrong_options_are_refused(void **state) {
  lf_fixture *f = *state;
#define RUN "run = function(x) return HAM end }"
  refused(f, "lf.a = { lable = SPAM, " RUN,
          "a.lua:1: lf.a: unknown option 'lable', did you mean 'label'?");
  refused(f, "lf.a = { zebra = 1, apple = 2, " RUN,
          "a.lua:1: lf.a: unknown option 'apple', expected label, field, prior or run");
  refused(f, "\nlf.a = { label = SPAM, function(x) end }",
          "a.lua:2: lf.a: expected options with names, such as 'run = function(x) ... "
          "end', found a function without one");
  refused(f, "lf.a = { label = 'SPM', " RUN,
          "a.lua:1: lf.a: label is 'SPM', which is no class, did you mean 'SPAM'?");
  refused(f, "lf.a = { label = 2, " RUN,
          "a.lua:1: lf.a: label is 2, expected a class index from 0 to 1");
  refused(f, "lf.a = { label = {}, " RUN,
          "a.lua:1: lf.a: label is a table, expected a class, its name or its index");
  refused(f, "lf.a = { field = 1, " RUN,
          "a.lua:1: lf.a: field: expected the name of a field, found a number");
  refused(f, "lf.a = { field = '', " RUN,
          "a.lua:1: lf.a: field: expected the name of a field, found an empty one");
  refused(f, "function field.w(x) return 1 end lf.a = { field = 'w', " RUN,
          "a.lua:1: lf.a: field: expected a field of the record, 'w' is a derived one");
  refused(f, "lf.a = { prior = 1, " RUN,
          "a.lua:1: lf.a: prior: expected a number above 0 and below 1, found 1");
  refused(f, "lf.a = { prior = math.huge, " RUN,
          "a.lua:1: lf.a: prior: expected a number above 0 and below 1, found inf");
  refused(f, "lf.a = { prior = '0.9', " RUN,
          "a.lua:1: lf.a: prior: expected a number above 0 and below 1, found a string");
#undef RUN
}

static void what_cannot_vote_is_refused(void **state) {
  lf_fixture *f = *state;
  refused(f, "lf.a = { label = SPAM }",
          "a.lua:1: lf.a: run: expected a function, keywords(...) or rx(...), found "
          "nothing");
  refused(f, "lf.a = { run = {} }",
          "a.lua:1: lf.a: run: expected a function, keywords(...) or rx(...), found a "
          "table");
  refused(f, "lf.a = { run = rx 'x' }",
          "a.lua:1: lf.a: a pattern votes for no class by itself, expected { label = "
          "CLASS, run = rx(...) }");
  refused(f, "lf.a = rx 'x'",
          "a.lua:1: lf.a: a pattern votes for no class by itself, expected { label = "
          "CLASS, run = rx(...) }");
  refused(f, "lf.a = { label = HAM, run = keywords(SPAM, { 'x' }) }",
          "a.lua:1: lf.a: label is 'HAM', but its keywords vote for 'SPAM'");
  refused(
      f, "lf.a = words",
      "a.lua:1: lf.a: expected a function, keywords(...) or a table of options, found "
      "a function that is not of this file");
}

/* A function is looked at though its table of options was changed behind its back. */
static void what_votes_is_frozen_wherever_it_lies(void **state) {
  lf_fixture *f = *state;
  refused(f,
          "local n = 0\nlocal t = { run = function(x) n = n + 1 return n % 2 end }\n"
          "lf.a = t\nt.run = nil",
          "a.lua:2: assigns a variable from outside of the function ('n'): a labeling "
          "function cannot keep anything from one record to the next");
  lf_data(f, "d.jsonl", "{\"text\":\"a\"}\n");
  fails(f, "local t = { k = {} }\nfunction lf.a(x) t.k[1] = 1 end\nlf.b = { run = lf.a }",
        "a.lua:2: in 'a': this table is read-only");
}

static void a_definition_of_many_lines_is_where_it_begins(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "-- lf.a = 1\n"
          "lf.a = {\n  label = HAM,\n  -- lf.a == lf.ab = lf.b\n"
          "  run = function(x) return x.text == 'a' end,\n}\n"
          "lf.b =\n  keywords(SPAM, {\n 'x' })\n"
          "function lf.c(x)\n  return HAM\nend\n"
          "lf.d = function(x)\n  return 7\nend\n"
          "for _, n in ipairs { 'e', 'f' } do\n  lf[n] = {\n  run = lf.c }\nend\n"
          "lf.g = lf.c");
  lf_data(f, "d.jsonl", "{\"text\":\"a\"}\n");
  static const unsigned lines[] = {2, 7, 10, 13, 18, 18, 20};
  lf_expect(f, "0-0-000");
  for (size_t j = 0; j < 7; j++)
    assert_int_equal(ws_lf_set_at(f->set, j)->line, lines[j]);
  assert_string_equal(lf_failure(f, 3, 0),
                      "a.lua:13: in 'd': returned 7, expected a class index from 0 to 1");
  refused(f, "lf.a = {\n  label = HAM,\n  runs = 1\n}\n",
          "a.lua:1: lf.a: unknown option 'runs', did you mean 'run'?");
}

/* --- votes -------------------------------------------------------------------------- */

static void votes_for_several_classes_are_refused_in_words(void **state) {
  lf_fixture *f = *state;
  static const char several[] =
      "a.lua:1: in 'a': returned a table of classes, but votes for several classes at "
      "once are not supported yet: return one class";
  lf_data(f, "d.jsonl", "{\"text\":\"a\"}\n");
  fails(f, "function lf.a(x) return { HAM, SPAM } end", several);
  fails(f, "function lf.a(x) return { 'HAM' } end", several);
  fails(f, "local both = set { HAM, SPAM } function lf.a(x) return both end", several);
  fails(f, "function lf.a(x) return HAM, SPAM end",
        "a.lua:1: in 'a': returned two classes, but votes for several classes at once "
        "are not supported yet: return one class");
  fails(f, "function lf.a(x) return HAM, {} end",
        "a.lua:1: in 'a': returned two values, expected one vote");
  fails(f, "function lf.a(x) return { 'x' } end",
        "a.lua:1: in 'a': returned a table, expected a class, its name or its index");
  fails(f, "function lf.a(x) return {} end",
        "a.lua:1: in 'a': returned a table, expected a class, its name or its index");
}

/* --- csv ---------------------------------------------------------------------------- */

static const char people[] = "name,team,\"a, b\"\nAda,red,1\n\"Bo \"\"B\"\"\",blue,\n";

static void csv_gives_rows(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "people.csv", people);
  lf_file(f, "more.tsv", "k\tv\nx\t1\n");
  lf_file(
      f, "a.lua",
      "local rows, by = csv 'people.csv', csv('people.csv', 'name')\n"
      "local tsv = csv('more.tsv', 'k')\n"
      "function lf.a(x)\n"
      "  assert(#rows == 2 and rows[2].name == 'Bo \"B\"' and rows[1]['a, b'] == '1')\n"
      "  assert(rows[2]['a, b'] == '' and rows[1].zebra == nil)\n"
      "  assert(by.Ada.team == 'red' and by['Bo \"B\"'].team == 'blue' and not by.x)\n"
      "  assert(tsv.x.v == '1')\n"
      "  for i, row in ipairs(rows) do if row.team == x.text then return HAM end end\n"
      "  rows[1].team = 'x'\n"
      "end\n");
  lf_data(f, "d.jsonl", "{\"text\":\"blue\"}\n{\"text\":\"green\"}\n");
  lf_expect(f, "0 -");
  assert_string_equal(lf_failure(f, 0, 0),
                      "a.lua:9: in 'a': this table is read-only (field 'team')");
}

static void csv_is_part_of_the_digest(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "people.csv", people);
  lf_file(f, "a.lua", "local rows = csv 'people.csv' function lf.a(x) return #rows end");
  assert_ok(lf_load(f), &f->err);
  char *before = strdup(ws_lf_set_digest(f->set));
  lf_file(f, "people.csv", "name\nAda\n");
  assert_ok(lf_load(f), &f->err);
  assert_string_not_equal(ws_lf_set_digest(f->set), before);
  free(before);
}

/* The message holds, behind the folder and the place of the call, this one, in which %s
 * is the folder. */
static void csv_refused(lf_fixture *f, const char *table, const char *call,
                        const char *message) {
  char source[256], expected[1024];
  lf_file(f, "t.csv", table);
  snprintf(source, sizeof source, "function lf.a(x) end\nlocal t = %s\n", call);
  lf_file(f, "a.lua", source);
  assert_int_equal(lf_load(f), WS_ELF);
  snprintf(expected, sizeof expected, "%s/a.lua:2: %s/%s", f->lfs, f->lfs, message);
  assert_string_equal(f->err.message, expected);
}

static void csv_is_strict(void **state) {
  lf_fixture *f = *state;
  csv_refused(f, "a,b\n1,2\n3\n", "csv 't.csv'", "t.csv:3: expected 2 columns, found 1");
  csv_refused(f, "a,a\n1,2\n", "csv 't.csv'", "t.csv:1: two columns are called 'a'");
  csv_refused(f, "a,b\n1,2\"3\n", "csv 't.csv'",
              "t.csv:2: a quote inside a cell: cells with quotes are written \"like "
              "\"\"this\"\"\"");
  csv_refused(f, "", "csv 't.csv'", "t.csv: empty: expected a header with column names");
  csv_refused(f, "a,b\n", "csv 't.csv'",
              "t.csv: no records: there is nothing below the header");
  csv_refused(f, "name,b\n1,2\n", "csv('t.csv', 'nam')",
              "t.csv:1: no column 'nam', did you mean 'name'?");
  csv_refused(f, "a,b\n1,2\n3,4\n1,5\n", "csv('t.csv', 'a')",
              "t.csv:4: two rows have '1' in the column 'a'");
  csv_refused(f, "a\n\xff\n", "csv 't.csv'", "t.csv: not valid UTF-8");
}

static void csv_reads_in_its_folder_while_loading(void **state) {
  lf_fixture *f = *state;
  char expected[512];
  lf_data(f, "d.csv", "text\na\n");
  lf_file(f, "a.lua", "local t = csv '../d.csv'");
  assert_int_equal(lf_load(f), WS_ELF);
  snprintf(expected, sizeof expected,
           "%s/a.lua:1: '../d.csv': leads out of the folder of labeling functions",
           f->lfs);
  assert_string_equal(f->err.message, expected);
  lf_file(f, "t.csv", people);
  refused(f, "function lf.a(x) return csv 't.csv' end",
          "a.lua:1: csv(...) must stand outside of all functions: it runs when the "
          "file is loaded");
}

/* Memory: rows belong to the Lua state. */
static void csv_counts_as_memory(void **state) {
  lf_fixture *f = *state;
  ws_buffer table = {0};
  assert_ok(ws_buffer_string(&table, "a,b\n"), NULL);
  for (int i = 0; i < 100000; i++)
    assert_ok(ws_buffer_printf(&table, "%d,%d\n", i, i), NULL);
  lf_file(f, "t.csv", table.data);
  f->options.memory = 8u << 20;
  refused(f, "local t = csv 't.csv' function lf.a(x) return t[1] end",
          "a.lua: needs more than 8 MiB of memory");
  ws_buffer_clear(&table);
}

/* --- notes -------------------------------------------------------------------------- */

static void noted(lf_fixture *f, size_t i, const char *note) {
  assert_true(i < ws_lf_set_notes(f->set));
  const char *found = ws_lf_set_note(f->set, i);
  size_t front = strlen(f->lfs);
  if (strncmp(found, f->lfs, front) == 0) found += front + 1;
  assert_string_equal(found, note);
}

static void a_function_without_lf_is_noted(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "function lf.a(x) return HAM end\n"
          "function zoo(x) return HAM end function has_link(x) return SPAM end\n"
          "function apple(x) return used(x) end\n"
          "function used(x) return HAM end\n"
          "function also(x) return HAM end\n"
          "lf.b = also\n");
  lf_file(f, "b.lua", "function lf.c(x) return HAM end\nfunction tail(x) end\n");
  assert_ok(lf_load(f), &f->err);
  assert_int_equal(ws_lf_set_notes(f->set), 4);
  noted(f, 0,
        "a.lua:2: nothing uses the function 'has_link': did you mean 'function "
        "lf.has_link(x)'?");
  noted(f, 1,
        "a.lua:2: nothing uses the function 'zoo': did you mean 'function lf.zoo(x)'?");
  noted(
      f, 2,
      "a.lua:3: nothing uses the function 'apple': did you mean 'function lf.apple(x)'?");
  noted(f, 3,
        "b.lua:2: nothing uses the function 'tail': did you mean 'function lf.tail(x)'?");
}

static void a_file_of_such_functions_alone_is_refused(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "b.rules", "r SPAM /x/\n");
  refused(f, "\nfunction has_link(x) return SPAM end\nfunction zoo(x) end\n",
          "a.lua:2: nothing uses the function 'has_link', and the file defines no "
          "labeling function: did you mean 'function lf.has_link(x)'?");
}

/* Beyond the 255th constant names are looked up in another way. */
static void uses_are_found_in_large_files(void **state) {
  lf_fixture *f = *state;
  ws_buffer source = {0};
  assert_ok(ws_buffer_string(&source, "function lf.a(x)\nlocal t = {"), NULL);
  for (int i = 0; i < 300; i++) assert_ok(ws_buffer_printf(&source, "'s%d',", i), NULL);
  assert_ok(ws_buffer_string(&source,
                             "}\nreturn helper(t) end\n"
                             "function helper(t) return #t == 300 and HAM or nil end\n"),
            NULL);
  lf_file(f, "a.lua", source.data);
  lf_data(f, "d.jsonl", "{\"text\":\"a\"}\n");
  lf_expect(f, "0");
  assert_int_equal(ws_lf_set_notes(f->set), 0);
  ws_buffer_clear(&source);
}

static void notes_are_bounded(void **state) {
  lf_fixture *f = *state;
  for (int i = 0; i < 7; i++) {
    ws_buffer source = {0};
    char name[16];
    assert_ok(ws_buffer_printf(&source, "function lf.lf%d(x) end\n", i), NULL);
    for (int k = 0; k < 30; k++)
      assert_ok(ws_buffer_printf(&source, "function f%02d(x) end\n", k), NULL);
    snprintf(name, sizeof name, "%d.lua", i);
    lf_file(f, name, source.data);
    ws_buffer_clear(&source);
  }
  assert_ok(lf_load(f), &f->err);
  assert_int_equal(ws_lf_set_notes(f->set), 100);
  noted(f, 99,
        "4.lua:21: nothing uses the function 'f19': did you mean 'function lf.f19(x)'?");
}

static void a_class_that_hides_a_function_is_noted_once(void **state) {
  lf_fixture *f = *state;
  ws_task_free(f->task);
  f->task = ws_test_task("count,other,string");
  lf_file(f, "a.lua", "function lf.a(x) return count end\n");
  lf_file(f, "b.lua", "function lf.b(x) return other end\n");
  lf_data(f, "d.jsonl", "{\"text\":\"a\"}\n");
  lf_expect(f, "01");
  assert_int_equal(ws_lf_set_notes(f->set), 2);
  noted(f, 0,
        "the class 'count' hides the function or library of that name in .lua files");
  noted(f, 1,
        "the class 'string' hides the function or library of that name in .lua files");
}

/* --- generated files ---------------------------------------------------------------- */

static void use_id(lf_fixture *f, const char *field) {
  assert_ok(ws_task_set(f->task, WS_TASK_ID, ws_text_of(field), &f->err), &f->err);
}

#define GENERATED "-- weaksup-generated: v1 | model=m\n"

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
                                       {"b.lua", GENERATED},
                                       {"c.lua", "\xEF\xBB\xBF" GENERATED},
                                       {"d.lua", " " GENERATED}};
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
  lf_file(f, "b.lua", GENERATED "function lf.b(x) return x.id and SPAM or HAM end\n");
  lf_file(f, "c.lua", "function lf.c(x) return x.id and SPAM or HAM end\n");
  lf_data(f, "d.jsonl", titles);
  lf_expect(f, "101 101 101 101");
}

static void the_id_is_no_field_for_generated_files(void **state) {
  lf_fixture *f = *state;
  use_id(f, "key");
  refused(f, GENERATED "lf.a = { label = HAM, field = 'key', run = rx 'k1' }",
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
  size_t size = (size_t)snprintf(source, 20000, GENERATED "function lf.a(x) end\n--");
  memset(source + size, '-', 16384 - size);
  source[16384] = '\0';
  lf_file(f, "a.lua", source);
  assert_ok(lf_load(f), &f->err);
  strcat(source, "-");
  refused(f, source,
          "a.lua:1: expected at most 16384 bytes in a generated file, found 16385");
  source[4] = 'W'; // no longer one
  lf_file(f, "a.lua", source);
  assert_ok(lf_load(f), &f->err);
  free(source);
}

static ws_hash128 key_of(lf_fixture *f, const char *source) {
  lf_file(f, "a.lua", source);
  assert_ok(lf_load(f), &f->err);
  return ws_lf_set_at(f->set, 0)->key;
}

/* Votes that were kept must not be taken for those of other options. */
static void options_are_part_of_the_key(void **state) {
  lf_fixture *f = *state;
#define RUN "run = function(x) return x.n end }\n"
  static const char *const sources[] = {
      "lf.a = { " RUN,
      "lf.a = { label = HAM, " RUN,
      "lf.a = { label = SPAM, " RUN,
      "lf.a = { field = 'title', " RUN,
      "lf.a = { field = 'other', " RUN,
      GENERATED "lf.a = { " RUN,
      "lf.a = { label = HAM, run = rx 'a' }",
      "lf.a = { label = HAM, run = rx 'b' }",
      "lf.a = { label = HAM, field = 'title', run = rx 'a' }",
      "local t = csv 't.csv' lf.a = { run = function(x) return t[x.n] end }",
  };
  enum { COUNT = sizeof sources / sizeof *sources };
  ws_hash128 keys[COUNT + 1];
  lf_file(f, "t.csv", "a\n1\n");
  for (size_t i = 0; i < COUNT; i++) keys[i] = key_of(f, sources[i]);
  lf_file(f, "t.csv", "a\n2\n");
  keys[COUNT] = key_of(f, sources[COUNT - 1]);
  for (size_t i = 0; i <= COUNT; i++)
    for (size_t k = 0; k < i; k++)
      assert_memory_not_equal(&keys[i], &keys[k], sizeof keys[i]);
  ws_hash128 given = key_of(f, "lf.a = { prior = 0.9, " RUN);
  assert_memory_equal(&given, &keys[0], sizeof given); // votes do not depend on it
#undef RUN
}

/* x as the table of replacements is another way to its fields. */
static void generated_files_do_not_replace_by_the_id(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          GENERATED "function lf.a(x) return ('id text'):gsub('%w+', x) == 'id Red' and "
                    "HAM or SPAM end\n");
  lf_data(f, "d.jsonl", "{\"id\":\"a\",\"text\":\"Red\"}\n");
  lf_expect(f, "0");
}

int main(int argc, char **argv) {
  LF_TEST_WORKER(argc, argv);
#define TEST(name) cmocka_unit_test_setup_teardown(name, lf_setup, lf_teardown)
  const struct CMUnitTest tests[] = {
      TEST(a_label_makes_true_a_vote),
      TEST(with_a_label_another_class_is_an_error),
      TEST(a_field_takes_the_place_of_the_text),
      TEST(each_field_has_an_x_of_its_own),
      TEST(a_field_that_is_no_text_is_an_error),
      TEST(a_prior_is_handed_on),
      TEST(wrong_options_are_refused),
      TEST(what_cannot_vote_is_refused),
      TEST(what_votes_is_frozen_wherever_it_lies),
      TEST(a_definition_of_many_lines_is_where_it_begins),
      TEST(votes_for_several_classes_are_refused_in_words),
      TEST(csv_gives_rows),
      TEST(csv_is_part_of_the_digest),
      TEST(csv_is_strict),
      TEST(csv_reads_in_its_folder_while_loading),
      TEST(csv_counts_as_memory),
      TEST(a_function_without_lf_is_noted),
      TEST(a_file_of_such_functions_alone_is_refused),
      TEST(uses_are_found_in_large_files),
      TEST(notes_are_bounded),
      TEST(a_class_that_hides_a_function_is_noted_once),
      TEST(generated_files_do_not_see_the_id),
      TEST(generated_files_without_derived_fields_do_not_either),
      TEST(the_id_is_no_field_for_generated_files),
      TEST(generated_files_are_short),
      TEST(options_are_part_of_the_key),
      TEST(generated_files_do_not_replace_by_the_id),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
