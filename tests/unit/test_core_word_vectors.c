/* SPDX-License-Identifier: MIT
 *
 * Files of word vectors, with and without a header.
 */
#include <weaksup/word_vectors.h>

#include "ws_read.h"
#include "ws_test.h"

enum { MOST = 8 };

/* Reads them all; vectors[i] has room for MOST numbers. Returns how many there are. */
static size_t read_all(const char *bytes, size_t dimensions, char words[][32],
                       float vectors[][MOST]) {
  ws_word_vectors *file = NULL;
  ws_error err = WS_ERROR_INIT;
  size_t count = 0;
  bool more = true;
  assert_ok(ws_word_vectors_open_memory("v.txt", ws_text_of(bytes), &file, &err), &err);
  assert_int_equal(ws_word_vectors_dimensions(file), dimensions);
  for (ws_text word;; count++) {
    assert_ok(ws_word_vectors_next(file, &word, vectors[count], &more, &err), &err);
    if (!more) break;
    memcpy(words[count], word.data, word.size);
    words[count][word.size] = '\0';
  }
  ws_word_vectors_free(file);
  return count;
}

/* The message of the first error, in opening or in reading. */
static void assert_refused(const char *bytes, const char *message) {
  ws_word_vectors *file = NULL;
  ws_error err = WS_ERROR_INIT;
  bool more = true;
  float vector[WS_MAX_VECTOR_DIMENSIONS];
  ws_status status = ws_word_vectors_open_memory("v.txt", ws_text_of(bytes), &file, &err);
  for (ws_text word; status == WS_OK && more;)
    status = ws_word_vectors_next(file, &word, vector, &more, &err);
  assert_status(WS_EPARSE, status);
  assert_message(&err, message);
  ws_word_vectors_free(file);
}

static void glove_has_no_header(void **state) {
  (void)state;
  char words[4][32];
  float vectors[4][MOST];
  assert_int_equal(read_all("the 1 -0.5\n2000 2e-1 3\n", 2, words, vectors), 2);
  assert_string_equal(words[0], "the");
  assert_string_equal(words[1], "2000");
  assert_near((double)vectors[0][1], -0.5, 0);
  assert_near((double)vectors[1][0], 0.2, 1e-7);
}

static void word2vec_and_fasttext_have_one(void **state) {
  (void)state;
  char words[4][32];
  float vectors[4][MOST];
  assert_int_equal(read_all("2 3\r\nthe 1 2 3 \r\nof 4 5 6 \r\n", 3, words, vectors), 2);
  assert_string_equal(words[1], "of");
  assert_near((double)vectors[1][2], 6, 0);
}

static void words_that_no_token_is_like_are_passed_over(void **state) {
  (void)state;
  char words[4][32];
  float vectors[4][MOST];
  assert_int_equal(read_all("a 1 2\n. . . 1 2\n\xFF 3 4\nb 5 6\n", 2, words, vectors), 2);
  assert_string_equal(words[1], "b");
  assert_near((double)vectors[1][0], 5, 0);
  assert_int_equal(read_all("3 2\na 1 2\n. . 1 2\nb 5 6\n", 2, words, vectors), 2);
}

static void malformed_files_say_where(void **state) {
  (void)state;
  assert_refused("", "v.txt: expected word vectors, found an empty file");
  assert_refused("word\n", "v.txt:1: expected a word and 1 to 4096 numbers");
  assert_refused("a 1 2\nb 1\n", "v.txt:2: expected a word and 2 numbers, found 1");
  assert_refused("a 1 2\nb 1 2 3\n", "v.txt:2: expected a word and 2 numbers, found 3");
  assert_refused("a 1 2\n\nb 1 2\n", "v.txt:2: expected a word and 2 numbers, found 0");
  assert_refused("a 1 2\nb 1 x\n", "v.txt:2: expected a number, found 'x'");
  assert_refused("a 1 2\nb nan 1\n", "v.txt:2: expected a number, found 'nan'");
  assert_refused("a 1 inf\n", "v.txt:1: expected a number, found 'inf'");
  assert_refused("a 1 1e39\n", "expected a number of at most 3.4e38, found '1e39'");
  assert_refused("2 2\na 1 2\n", "v.txt: expected 2 words, as its first line says, "
                                 "found 1");
  assert_refused("1 2\na 1 2\nb 1 2\n", "expected 1 words, as its first line says, "
                                        "found 2");
  assert_refused("0 2\n", "v.txt:1: expected a number of words and one of 1 to 4096 "
                          "dimensions, found '0 2'");
  assert_refused("5 0\n", "found '5 0'");
  assert_refused("5 4097\n", "found '5 4097'");
}

static void a_file_may_be_compressed(void **state) {
  (void)state;
  char *folder = ws_test_folder();
  ws_buffer packed = {0};
  ws_test_gzip(ws_text_of("1 2\na 1 2\n"), &packed);
  char *path = ws_test_file(folder, "v.vec", packed.data, packed.size);
  ws_word_vectors *file = NULL;
  ws_error err = WS_ERROR_INIT;
  ws_text word;
  float vector[2];
  bool more;
  assert_ok(ws_word_vectors_open(path, &file, &err), &err);
  assert_ok(ws_word_vectors_next(file, &word, vector, &more, &err), &err);
  assert_true(more);
  assert_near((double)vector[1], 2, 0);
  ws_word_vectors_free(file);
  file = NULL;
  assert_status(WS_EIO, ws_word_vectors_open("/nowhere.vec", &file, &err));
  assert_message(&err, "/nowhere.vec: cannot open");
  free(ws_test_file(folder, "v.vec", packed.data, packed.size - 9));
  ws_status status = ws_word_vectors_open(path, &file, &err);
  while (status == WS_OK && more)
    status = ws_word_vectors_next(file, &word, vector, &more, &err);
  assert_status(WS_EPARSE, status); // truncated
  assert_message(&err, "v.vec:");
  ws_word_vectors_free(file);
  ws_buffer_clear(&packed);
  free(path);
  ws_test_remove_folder(folder);
}

static ws_status read_once(void *user) {
  ws_word_vectors *file = NULL;
  ws_text word;
  float vector[2];
  bool more = true;
  (void)user;
  ws_status status =
      ws_word_vectors_open_memory("v", ws_text_of("a 1 2\nb 3 4\n"), &file, NULL);
  while (status == WS_OK && more)
    status = ws_word_vectors_next(file, &word, vector, &more, NULL);
  ws_word_vectors_free(file);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  ws_test_every_allocation_failure(read_once, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(glove_has_no_header),
      cmocka_unit_test(word2vec_and_fasttext_have_one),
      cmocka_unit_test(words_that_no_token_is_like_are_passed_over),
      cmocka_unit_test(malformed_files_say_where),
      cmocka_unit_test(a_file_may_be_compressed),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
