/* SPDX-License-Identifier: MIT
 *
 * Keys of labeling functions: which ones an edit of a folder changes, and which not.
 */
#include "../lf/lf_keys.h"

/* `text` with the first `old` replaced. */
static char *replaced(const char *text, const char *old, const char *new_text) {
  const char *at = strstr(text, old);
  if (!at) print_error("not in the text: %s\n", old);
  assert_non_null(at);
  size_t front = (size_t)(at - text), size = strlen(text) + strlen(new_text) + 1;
  char *out = malloc(size);
  assert_non_null(out);
  snprintf(out, size, "%.*s%s%s", (int)front, text, new_text, at + strlen(old));
  return out;
}

/* --- a folder and its edits --- */

static const char main_lua[] =
    "local limit = 3\n"
    "local inner = 'x'\n"
    "local function low(s) return lower(s) .. inner end\n"
    "function shared(s) return low(s) end\n"
    "local shop = { 'buy', 'sell', deep = { price = 10 } }\n"
    "local praise = set(lines 'praise.txt')\n"
    "settings = { top = 5, bottom = 1 }\n"
    "function field.tokens(x) return words(x.lower) end\n"
    "function field.long(x) return #x.tokens > 9 end\n"
    "function field.alone(x) return #x.text end\n"
    "function lf.plain(x) return SPAM end\n"
    "function lf.bound(x) if #x.text > limit then return SPAM end end\n"
    "function lf.direct(x) if low(x.text) == 'a' then return SPAM end end\n"
    "function lf.chain(x) if shared(x.text) == 'a' then return SPAM end end\n"
    "function lf.table(x) if has(x.text, shop) then return SPAM end end\n"
    "function lf.setting(x) if #x.text > settings.top then return HAM end end\n"
    "function lf.listed(x) for _, w in ipairs(x.tokens) do\n"
    "  if praise[w] then return HAM end end end\n"
    "function lf.counted(x) for i = 1, #x.tokens do\n"
    "  if x.tokens[i + 1] == 'a' and x.tokens[i] == x.tokens[#x.tokens] then\n"
    "  return HAM end end end\n"
    "function lf.through(x) if x.long then return HAM end end\n"
    "function lf.computed(x) if x['al' .. x.text] then return HAM end end\n"
    "function lf.maybe(x) if x.later then return HAM end end\n"
    "local spam = rx([[buy]], 'i')\n"
    "function lf.pattern(x) if spam:test(x.text) then return SPAM end end\n"
    "local function even(n) if n == 0 then return true end return odd(n - 1) end\n"
    "function odd(n) if n == 0 then return false end return even(n - 1) end\n"
    "function lf.recursive(x) if even(#x.text) then return SPAM end end\n"
    "local ring = { value = 1 } ring.next = { value = 2, next = ring }\n"
    "function lf.cyclic(x) if ring.next.next.value == 1 then return SPAM end end\n"
    "lf.words = keywords(SPAM, lines 'money.txt')\n"
    "local function at_least(n) return function(x)\n"
    "  if #x.text >= n then return HAM end end end\n"
    "lf.made_1 = at_least(11)\n"
    "lf.made_2 = at_least(22)\n"
    "function lf.dynamic(x) local e = _ENV if e['li' .. x.text] then return HAM end end\n"
    "function lf.other(x) return lf.bound(x) end\n"
    "function lf.careful(x) local ok, why = pcall(low, x.text) return #why end\n"
    "function lf.swap(x) return (x.text:gsub('%w+', x)) == 'a' and HAM or nil end\n"
    "function lf.nested(x)\n"
    "  local function is(w) return praise[w] end\n"
    "  return is(x.text) and SPAM or nil end\n"
    "local same = {} local pair = { same, same }\n"
    "function lf.pair(x) return pair[1] == pair[2] and SPAM or nil end\n";

static const char rules[] = "rule_a SPAM /buy/i\n"
                            "rule_b SPAM title ~ /sell/\n"
                            "rule_c HAM @praise.txt\n";

typedef struct edit {
  const char *what, *file, *old, *new_text;
  const char *changed; // names in the order of the folder, each behind a blank
} edit;

static const edit edits[] = {
    {"a body", "a.lua", "lf.plain(x) return SPAM", "lf.plain(x) return HAM",
     " plain dynamic"},
    {"a constant of a body", "a.lua", "'a' and x.tokens", "'b' and x.tokens",
     " counted dynamic"},
    {"a line above", "a.lua", "local limit", "\n-- why\nlocal limit", " dynamic careful"},
    {"a blank and a comment inside", "a.lua", "return SPAM end",
     "return  SPAM --[[!]] end", ""},
    {"a local above, unused", "a.lua", "local limit", "local a, b = 1, 2 local limit",
     ""},
    {"a local is renamed", "a.lua", "local function low(s) return lower(s)",
     "local function low(t) return lower(t)", " dynamic careful"},
    {"an LF is added above", "a.lua", "function lf.plain",
     "function lf.new(x) return lf end function lf.plain", " dynamic"},
    {"an upvalue", "a.lua", "limit = 3", "limit = 4", " bound other dynamic"},
    {"an upvalue of another type", "a.lua", "limit = 3", "limit = 3.0",
     " bound other dynamic"},
    {"a local helper", "a.lua", "lower(s) .. inner", "lower(s) .. inner .. ''",
     " direct chain dynamic careful"},
    {"what a helper's helper holds", "a.lua", "inner = 'x'", "inner = 'y'",
     " direct chain dynamic careful"},
    {"a global helper", "a.lua", "return low(s) end", "return low(s .. s) end",
     " chain dynamic"},
    {"a table", "a.lua", "'sell'", "'sold'", " table dynamic"},
    {"a table inside", "a.lua", "price = 10", "price = 11", " table dynamic"},
    {"a field of a global", "a.lua", "top = 5", "top = 6", " setting dynamic"},
    {"another field of it", "a.lua", "bottom = 1", "bottom = 2", " dynamic"},
    {"a list", "praise.txt", "good", "great", " listed dynamic nested rule_c"},
    {"another list", "money.txt", "cash", "money", " dynamic words"},
    {"the order and the case of a keyword list", "money.txt", "cash\nfree", "FREE\nCash",
     ""},
    {"a comment in a list", "praise.txt", "good", "# of course\ngood", ""},
    {"a derived field", "a.lua", "words(x.lower)", "words(x.text)",
     " listed counted through computed dynamic"},
    {"one that another needs", "a.lua", "> 9", "> 8", " through computed dynamic"},
    {"one that nobody names", "a.lua", "return #x.text end", "return #x.lower end",
     " computed dynamic"},
    {"one of a name that is read already", "a.lua", "function field.alone",
     "function field.later(x) return true end function field.alone",
     " computed maybe dynamic"},
    {"a field that nobody reads", "a.lua", "function field.alone",
     "function field.unread(x) return true end function field.alone",
     " computed dynamic"},
    {"flags of a pattern", "a.lua", "[[buy]], 'i'", "[[buy]], ''", " pattern dynamic"},
    {"a pattern", "a.lua", "[[buy]]", "[[bay]]", " pattern dynamic"},
    {"half of a recursion", "a.lua", "return false end", "return nil end",
     " recursive dynamic"},
    {"a ring of tables", "a.lua", "value = 2", "value = 3", " cyclic dynamic"},
    {"a ring gets longer", "a.lua", "value = 2, next = ring",
     "value = 2, next = { value = 1, next = ring }", " cyclic dynamic"},
    {"what a function was made with", "a.lua", "at_least(11)", "at_least(12)",
     " made_1 dynamic"},
    {"what makes functions", "a.lua", "#x.text >= n", "#x.text > n",
     " made_1 made_2 dynamic"},
    {"a class of keywords", "a.lua", "keywords(SPAM", "keywords(HAM", " dynamic words"},
    {"a new global", "a.lua", "local limit = 3", "extra = 1 local limit = 3", " dynamic"},
    {"two tables instead of one twice", "a.lua", "{ same, same }", "{ same, {} }",
     " dynamic pair"},
    {"an LF is renamed", "a.lua", "lf.made_2", "lf.made_3", " dynamic"},
    {"an LF of another file", "b.lua", "1", "2", " far"},
    {"a rule", "c.rules", "/buy/", "/bye/", " rule_a"},
    {"a rule's flags", "c.rules", "/buy/i", "/buy/", " rule_a"},
    {"a rule's class", "c.rules", "rule_b SPAM", "rule_b HAM", " rule_b"},
    {"a rule's field", "c.rules", "title", "author", " rule_b"},
    {"a rule that names the text field", "c.rules", "SPAM /buy", "SPAM text ~ /buy",
     " rule_a"},
    {"a rule above is removed", "c.rules", "rule_a SPAM /buy/i\n", "", ""},
    {"a rule above and a comment", "c.rules", "rule_a", "# why\nnew SPAM /x/\nrule_a",
     ""},
};

static const char *base_text(const char *name) {
  static const char *const files[][2] = {{"a.lua", main_lua},
                                         {"b.lua", "function lf.far(x) return 1 end"},
                                         {"c.rules", rules},
                                         {"praise.txt", "good\nfine\n"},
                                         {"money.txt", "cash\nfree\n"}};
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    if (strcmp(files[i][0], name) == 0) return files[i][1];
  fail();
  return NULL;
}

static void write_base(lf_fixture *f) {
  static const char *const names[] = {"a.lua", "b.lua", "c.rules", "praise.txt",
                                      "money.txt"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    lf_file(f, names[i], base_text(names[i]));
}

/* Both in some order: the set of names. */
static bool same_names(const char *a, const char *b) {
  if (strlen(a) != strlen(b)) return false;
  char copy[4200];
  snprintf(copy, sizeof copy, "%s ", b);
  for (const char *at = a; *at;) {
    size_t size = 1 + strcspn(at + 1, " ");
    char word[80];
    snprintf(word, sizeof word, "%.*s ", (int)size, at);
    if (!strstr(copy, word)) return false;
    at += size;
  }
  return true;
}

static void edits_change_the_keys_that_they_should(void **state) {
  (void)state;
  lf_fixture f;
  lf_keys *before = malloc(sizeof *before), *after = malloc(sizeof *after);
  size_t wrong = 0;
  assert_true(before && after);
  lf_begin(&f, "HAM,SPAM");
  write_base(&f);
  lf_load_keys(&f, before);
  for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
    const edit *e = &edits[i];
    char found[4096], *text = replaced(base_text(e->file), e->old, e->new_text);
    lf_file(&f, e->file, text);
    free(text);
    lf_load_keys(&f, after);
    lf_file(&f, e->file, base_text(e->file));
    lf_keys_differ(before, after, false, found, sizeof found);
    if (same_names(found, e->changed)) continue;
    print_error("%s: expected%s, found%s\n", e->what, e->changed, found);
    wrong++;
  }
  assert_int_equal(wrong, 0);
  free(before);
  free(after);
  lf_end(&f);
}

/* Each of many loads is a process with hash seeds and addresses of its own. */
static void loads_agree(void **state) {
  (void)state;
  lf_fixture f;
  lf_keys *before = malloc(sizeof *before), *after = malloc(sizeof *after);
  char found[4096];
  assert_true(before && after);
  lf_begin(&f, "HAM,SPAM");
  write_base(&f);
  lf_load_keys(&f, before);
  for (size_t j = 0; j < before->count; j++)
    for (size_t k = 0; k < j; k++)
      assert_false(ws_hash128_equals(before->keys[j], before->keys[k]));
  for (int i = 0; i < 20; i++) {
    lf_load_keys(&f, after);
    lf_keys_differ(before, after, false, found, sizeof found);
    assert_string_equal(found, "");
    lf_keys_differ(before, after, true, found, sizeof found);
    assert_string_equal(found, "");
  }
  free(before);
  free(after);
  lf_end(&f);
}

int main(int argc, char **argv) {
  LF_TEST_WORKER(argc, argv);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(edits_change_the_keys_that_they_should),
      cmocka_unit_test(loads_agree),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
