/* SPDX-License-Identifier: MIT
 *
 * The .wsv file. All numbers are little-endian:
 *
 *   8 bytes   "WSVOTES" and a line feed
 *   u32       version, 1;  u32 flags: 1 ids are stored, 2 gold labels are, 4 rows are
 *   u64       K classes, M LFs, U patterns, C columns in all, N records
 *   K + M     names: u32 size, bytes
 *   U x u32   size of each pattern;  U x u64 its count
 *   C x u32   columns of all patterns, one pattern behind the other
 *   N x u32   pattern of each record
 *   N x u64   row of each record in the data, ascending        (flag 4)
 *   N x u32   size of each id, then the bytes of all ids       (flag 1)
 *   N x i32   gold label of each record, -1 none               (flag 2)
 *   16 bytes  XXH3-128 of all that stands before
 *
 * Reading checks the checksum first, and then every number all the same: a file can be
 * made with a right checksum and wrong content.
 */
#include <weaksup/votes_file.h>

#include <string.h>
#include <sys/stat.h>

#include <weaksup/alloc.h>
#include <weaksup/bytes.h>
#include <weaksup/output.h>

#include "input.h"
#include "votes_import.h"
#include "votes_priv.h"

static const char magic[8] = "WSVOTES\n";
enum { VERSION = 1, HAS_IDS = 1, HAS_GOLD = 2, HAS_ROWS = 4, HEADER = 56 };

/* --- writing --- */

static ws_status put_names(ws_buffer *out, const ws__names *names) {
  for (size_t i = 0; i < names->count; i++)
    WS_TRY(ws_bytes_put_text(out, names->items[i]));
  return WS_OK;
}

static ws_status put_header(ws_buffer *out, const ws_votes *votes) {
  uint64_t flags = (votes->id_ends ? HAS_IDS : 0u) | (votes->gold ? HAS_GOLD : 0u) |
                   (votes->row_numbers ? HAS_ROWS : 0u);
  const uint64_t sizes[] = {votes->classes.count, votes->lfs.count, votes->patterns,
                            votes->starts[votes->patterns], votes->rows};
  WS_TRY(ws_buffer_append(out, magic, sizeof magic));
  WS_TRY(ws_bytes_put(out, VERSION, 4));
  WS_TRY(ws_bytes_put(out, flags, 4));
  for (size_t i = 0; i < 5; i++) WS_TRY(ws_bytes_put(out, sizes[i], 8));
  WS_TRY(put_names(out, &votes->classes));
  return put_names(out, &votes->lfs);
}

static ws_status put_patterns(ws_buffer *out, const ws_votes *votes) {
  size_t n = votes->patterns;
  for (size_t u = 0; u < n; u++)
    WS_TRY(ws_bytes_put(out, votes->starts[u + 1] - votes->starts[u], 4));
  for (size_t u = 0; u < n; u++) WS_TRY(ws_bytes_put(out, votes->counts[u], 8));
  for (size_t c = 0; c < votes->starts[n]; c++)
    WS_TRY(ws_bytes_put(out, votes->columns[c], 4));
  return WS_OK;
}

static ws_status put_rows(ws_buffer *out, const ws_votes *votes) {
  size_t n = votes->rows;
  for (size_t i = 0; i < n; i++) WS_TRY(ws_bytes_put(out, votes->row_pattern[i], 4));
  for (size_t i = 0; votes->row_numbers && i < n; i++)
    WS_TRY(ws_bytes_put(out, votes->row_numbers[i], 8));
  if (votes->id_ends) {
    for (size_t i = 0, start = 0; i < n; start = votes->id_ends[i++])
      WS_TRY(ws_bytes_put(out, votes->id_ends[i] - start, 4));
    WS_TRY(ws_buffer_append(out, votes->id_bytes, n ? votes->id_ends[n - 1] : 0));
  }
  for (size_t i = 0; votes->gold && i < n; i++)
    WS_TRY(ws_bytes_put(out, (uint32_t)votes->gold[i], 4));
  return WS_OK;
}

ws_status ws_votes_encode(const ws_votes *votes, ws_buffer *out) {
  size_t start = out->size;
  WS_TRY(put_header(out, votes));
  WS_TRY(put_patterns(out, votes));
  WS_TRY(put_rows(out, votes));
  return ws_bytes_seal(out, start);
}

/* --- reading --- */

static ws_status malformed(ws_error *err, const char *what) {
  return ws_error_set(err, WS_EPARSE, "not a valid votes file: %s", what);
}

static ws_status check_frame(ws_text bytes, ws_error *err) {
  if (bytes.size < sizeof magic || memcmp(bytes.data, magic, sizeof magic) != 0)
    return ws_error_set(err, WS_EPARSE,
                        "expected a votes file (.wsv), found something else");
  if (bytes.size < HEADER + WS_BYTES_CHECKSUM) return malformed(err, "it is truncated");
  ws_bytes in = ws_bytes_of(bytes);
  ws_bytes_take(&in, sizeof magic);
  uint64_t version = ws_bytes_take(&in, 4);
  if (!ws_bytes_sealed(bytes))
    return malformed(err, "checksum mismatch: it is truncated or damaged");
  if (version != VERSION)
    return ws_error_set(err, WS_EPARSE, "expected a votes file of version %d, found %llu",
                        VERSION, (unsigned long long)version);
  return WS_OK;
}

static ws_status take_names(ws_bytes *in, uint64_t count, ws__names *names,
                            ws_error *err) {
  for (uint64_t i = 0; i < count && !in->bad; i++) {
    uint32_t number;
    bool added;
    ws_text name = ws_bytes_take_text(in);
    if (in->bad) break;
    if (name.size == 0 || !ws_utf8_valid(name))
      return malformed(err, "a name is not text");
    if (ws__names_add(names, name, &number, &added) != WS_OK) return ws_error_nomem(err);
    if (!added) return malformed(err, "two names are the same");
  }
  return in->bad ? malformed(err, "it ends early") : WS_OK;
}

static bool pattern_valid(const ws_votes *votes, size_t u) {
  size_t classes = votes->classes.count, columns = classes * votes->lfs.count;
  ws_pattern now = ws_votes_pattern(votes, u);
  for (size_t i = 0; i < now.size; i++) {
    if (now.columns[i] >= columns) return false;
    if (i && now.columns[i] / classes <= now.columns[i - 1] / classes) return false;
  }
  if (u == 0) return true;
  ws_pattern last = ws_votes_pattern(votes, u - 1);
  return ws__pattern_compare(last.columns, last.size, now.columns, now.size) < 0;
}

static ws_status take_patterns(ws_bytes *in, ws_votes *votes, uint64_t columns,
                               ws_error *err) {
  size_t n = votes->patterns;
  votes->starts = ws_alloc_array(n + 1, sizeof *votes->starts);
  votes->counts = ws_alloc_array(n, sizeof *votes->counts);
  votes->columns = ws_alloc_array((size_t)columns, sizeof *votes->columns);
  if (!votes->starts || !votes->counts || !votes->columns) return ws_error_nomem(err);
  votes->starts[0] = 0;
  for (size_t u = 0; u < n; u++)
    votes->starts[u + 1] = votes->starts[u] + (size_t)ws_bytes_take(in, 4);
  if (votes->starts[n] != columns)
    return malformed(err, "sizes of patterns do not add up");
  for (size_t u = 0; u < n; u++) votes->counts[u] = ws_bytes_take(in, 8);
  for (size_t c = 0; c < columns; c++) votes->columns[c] = (uint32_t)ws_bytes_take(in, 4);
  for (size_t u = 0; u < n; u++)
    if (!pattern_valid(votes, u))
      return malformed(err, "a pattern is out of order or range");
  return WS_OK;
}

static ws_status take_row_patterns(ws_bytes *in, ws_votes *votes, ws_error *err) {
  uint64_t *seen = ws_alloc_zero(votes->patterns, sizeof *seen);
  votes->row_pattern = ws_alloc_array(votes->rows, sizeof *votes->row_pattern);
  bool fits = seen && votes->row_pattern, valid = true;
  for (size_t i = 0; fits && valid && i < votes->rows; i++) {
    votes->row_pattern[i] = (uint32_t)ws_bytes_take(in, 4);
    valid = votes->row_pattern[i] < votes->patterns;
    if (valid) seen[votes->row_pattern[i]]++;
  }
  for (size_t u = 0; fits && valid && u < votes->patterns; u++)
    valid = seen[u] == votes->counts[u] && seen[u] > 0;
  ws_free(seen);
  if (!fits) return ws_error_nomem(err);
  return valid ? WS_OK : malformed(err, "records and pattern counts do not agree");
}

/* Each id must be text by itself, and one at least another one than its row's number: if
 * none is, they are not stored. */
static bool ids_valid(const ws_votes *votes) {
  bool any = false;
  for (size_t i = 0; i < votes->rows; i++) {
    char given[24], digits[24];
    ws_text id = ws_votes_row_id(votes, i, given);
    if (!ws_utf8_valid(id)) return false;
    any =
        any ||
        !ws_text_equal(
            id, (ws_text){digits, ws__row_digits(ws_votes_row_number(votes, i), digits)});
  }
  return any;
}

static ws_status take_ids(ws_bytes *in, ws_votes *votes, ws_error *err) {
  size_t total = 0;
  votes->id_ends = ws_alloc_array(votes->rows, sizeof *votes->id_ends);
  if (!votes->id_ends) return ws_error_nomem(err);
  for (size_t i = 0; i < votes->rows; i++)
    votes->id_ends[i] = total += (size_t)ws_bytes_take(in, 4);
  ws_text ids = ws_bytes_take_run(in, total);
  if (in->bad) return malformed(err, "it ends early");
  votes->id_bytes = ws_alloc(ids.size);
  if (!votes->id_bytes) return ws_error_nomem(err);
  memcpy(votes->id_bytes, ids.data, ids.size);
  return ids_valid(votes) ? WS_OK : malformed(err, "the ids are row numbers or not text");
}

static ws_status take_gold(ws_bytes *in, ws_votes *votes, ws_error *err) {
  bool any = false;
  votes->gold = ws_alloc_array(votes->rows, sizeof *votes->gold);
  if (!votes->gold) return ws_error_nomem(err);
  for (size_t i = 0; i < votes->rows; i++) {
    votes->gold[i] = (int32_t)(uint32_t)ws_bytes_take(in, 4);
    if (votes->gold[i] < WS_ABSTAIN || votes->gold[i] >= (int32_t)votes->classes.count)
      return malformed(err, "a gold label is out of range");
    any = any || votes->gold[i] != WS_ABSTAIN;
  }
  return any ? WS_OK : malformed(err, "it says that it has gold labels, and has none");
}

/* Rows ascend, and one at least is not where it would be without gaps: then it is the
 * last one. */
static ws_status take_rows(ws_bytes *in, ws_votes *votes, ws_error *err) {
  size_t n = votes->rows;
  bool valid = true;
  uint64_t *numbers = ws_alloc_array(n, sizeof *numbers);
  if (!numbers) return ws_error_nomem(err);
  for (size_t i = 0; i < n; i++) {
    numbers[i] = ws_bytes_take(in, 8);
    valid = valid && (i == 0 || numbers[i] > numbers[i - 1]);
  }
  votes->row_numbers = numbers;
  return valid && n && numbers[n - 1] >= n
             ? WS_OK
             : malformed(err, "the rows of the records are out of order");
}

/* The counts of the header, so that nothing is allocated beyond what the file can hold.
 */
static ws_status check_sizes(const uint64_t sizes[5], size_t left, ws_error *err) {
  uint64_t classes = sizes[0], lfs = sizes[1];
  if (classes < 2 || classes > WS_MAX_CLASSES || lfs > UINT32_MAX / classes)
    return malformed(err, "the number of classes or LFs is out of range");
  const uint64_t bytes[] = {4, 4, 12, 4, 4};
  uint64_t need = 0;
  for (size_t i = 0; i < 5; i++) {
    if (sizes[i] > left / bytes[i]) return malformed(err, "it ends early");
    need += sizes[i] * bytes[i];
  }
  return need <= left ? WS_OK : malformed(err, "it ends early");
}

static ws_status take_all(ws_bytes *in, ws_votes *votes, ws_error *err) {
  uint64_t sizes[5];
  uint64_t flags = ws_bytes_take(in, 4);
  for (size_t i = 0; i < 5; i++) sizes[i] = ws_bytes_take(in, 8);
  WS_TRY(check_sizes(sizes, in->size - in->at, err));
  votes->patterns = (size_t)sizes[2];
  votes->rows = (size_t)sizes[4];
  WS_TRY(take_names(in, sizes[0], &votes->classes, err));
  WS_TRY(take_names(in, sizes[1], &votes->lfs, err));
  WS_TRY(take_patterns(in, votes, sizes[3], err));
  WS_TRY(take_row_patterns(in, votes, err));
  if (flags & HAS_ROWS) WS_TRY(take_rows(in, votes, err));
  if (flags & HAS_IDS) WS_TRY(take_ids(in, votes, err));
  if (flags & HAS_GOLD) WS_TRY(take_gold(in, votes, err));
  if (in->bad) return malformed(err, "it ends early");
  if (in->at < in->size || flags > (HAS_IDS | HAS_GOLD | HAS_ROWS))
    return malformed(err, "it holds too much");
  return WS_OK;
}

ws_status ws_votes_decode(ws_text bytes, ws_votes **out, ws_error *err) {
  WS_TRY(check_frame(bytes, err));
  ws_votes *votes = ws_alloc_zero(1, sizeof *votes);
  if (!votes) return ws_error_nomem(err);
  ws_bytes in = ws_bytes_of(bytes);
  in.at = sizeof magic + 4; // the frame was looked at
  in.size -= WS_BYTES_CHECKSUM;
  ws_status status = take_all(&in, votes, err);
  if (status != WS_OK) {
    ws_votes_free(votes);
    return status;
  }
  *out = votes;
  return WS_OK;
}

ws_status ws__is_votes_file(const char *path, bool *out, ws_error *err) {
  char head[sizeof magic];
  size_t size = 0, got = 1;
  ws__input *input = NULL;
  struct stat about;
  *out = false;
  if (strcmp(path, "-") == 0 || (stat(path, &about) == 0 && !S_ISREG(about.st_mode)))
    return WS_OK; // what a pipe gives cannot be read a second time
  ws_status status =
      ws__input_open(path, NULL, (ws_progress_sink){NULL, NULL}, &input, err);
  while (status == WS_OK && got && size < sizeof head) {
    status = ws__input_read(input, head + size, sizeof head - size, &got, err);
    if (status != WS_OK) ws_error_prefix(err, "%s: ", path);
    size += got;
  }
  *out = status == WS_OK && size == sizeof head && memcmp(head, magic, size) == 0;
  ws__input_free(input);
  return status;
}

static ws_status read_whole(ws__input *input, ws_buffer *out, ws_error *err) {
  enum { PIECE = 1 << 16 };
  for (size_t got = 1; got;) {
    if (ws_buffer_reserve(out, PIECE) != WS_OK) return ws_error_nomem(err);
    WS_TRY(ws__input_read(input, out->data + out->size, PIECE, &got, err));
    out->size += got;
  }
  return WS_OK;
}

ws_status ws__votes_read(const char *path, ws_votes **out, char digest[33],
                         ws_error *err) {
  ws_buffer bytes = {0};
  ws__input *input = NULL;
  ws_status status =
      ws__input_open(path, NULL, (ws_progress_sink){NULL, NULL}, &input, err);
  if (status != WS_OK) return status;
  status = read_whole(input, &bytes, err);
  if (status == WS_OK) ws__input_digest(input, digest);
  ws__input_free(input);
  if (status == WS_OK) status = ws_votes_decode(ws_buffer_as_text(&bytes), out, err);
  if (status != WS_OK) ws_error_prefix(err, "%s: ", path);
  ws_buffer_clear(&bytes);
  return status;
}

ws_status ws_votes_load(const char *path, ws_votes **out, ws_error *err) {
  char digest[33];
  return ws__votes_read(path, out, digest, err);
}
