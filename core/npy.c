/* SPDX-License-Identifier: MIT
 *
 * The .npy format: "\x93NUMPY", two bytes of version, the header's size in 2 bytes
 * (version 1) or 4, and the header, a Python dictionary of three known keys:
 * {'descr': '<f4', 'fortran_order': False, 'shape': (1000, 300), }. The numbers follow.
 */
#define _XOPEN_SOURCE 700 // pread

#include <weaksup/npy.h>

#include <errno.h>
#include <fcntl.h>
#include <float.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weaksup/alloc.h>
#include <weaksup/bytes.h>

enum { MOST_HEADER = 1 << 16, MOST_COLUMNS = 1 << 20 };

struct ws_npy {
  char *name;
  int fd;         // -1: the bytes are in
  ws_text memory; // borrowed
  uint64_t size;  // of the file
  uint64_t rows, columns;
  uint64_t begin; // where the numbers stand in the file
  unsigned width; // 4 or 8 bytes a number
};

/* --- bytes -------------------------------------------------------------------------- */

static ws_status read_at(const ws_npy *npy, uint64_t at, void *out, size_t size,
                         ws_error *err) {
  if (npy->fd < 0) {
    if (size) memcpy(out, npy->memory.data + at, size);
    return WS_OK;
  }
  for (size_t done = 0; done < size;) {
    ssize_t got = pread(npy->fd, (char *)out + done, size - done, (off_t)(at + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      return ws_error_set(err, WS_EIO, "%s: cannot read: %s", npy->name, strerror(errno));
    if (got == 0)
      return ws_error_set(err, WS_EIO, "%s: became shorter while it was in use",
                          npy->name);
    done += (size_t)got;
  }
  return WS_OK;
}

/* --- the header --------------------------------------------------------------------- */

static void skip_blanks(ws_text *in) {
  while (in->size > 0 && (in->data[0] == ' ' || in->data[0] == '\n'))
    *in = (ws_text){in->data + 1, in->size - 1};
}

static bool take(ws_text *in, char c) {
  skip_blanks(in);
  if (in->size == 0 || in->data[0] != c) return false;
  *in = (ws_text){in->data + 1, in->size - 1};
  return true;
}

/* What stands between quotes of either kind. */
static bool take_string(ws_text *in, ws_text *out) {
  skip_blanks(in);
  if (in->size == 0 || (in->data[0] != '\'' && in->data[0] != '"')) return false;
  const char *end = memchr(in->data + 1, in->data[0], in->size - 1);
  if (!end) return false;
  *out = (ws_text){in->data + 1, (size_t)(end - in->data) - 1};
  *in = (ws_text){end + 1, in->size - out->size - 2};
  return true;
}

/* Letters and digits. */
static ws_text take_word(ws_text *in) {
  size_t size = 0;
  skip_blanks(in);
  while (size < in->size && strchr(" \n,)}:", in->data[size]) == NULL) size++;
  ws_text word = {in->data, size};
  *in = (ws_text){in->data + size, in->size - size};
  return word;
}

static ws_status malformed(ws_error *err) {
  return ws_error_set(err, WS_EPARSE,
                      "expected the header of a .npy file, found something "
                      "else");
}

static ws_status take_type(ws_npy *npy, ws_text *in, ws_error *err) {
  ws_text type = {NULL, 0};
  if (take_string(in, &type) && ws_text_equals(type, "<f4"))
    npy->width = 4;
  else if (type.data && ws_text_equals(type, "<f8"))
    npy->width = 8;
  else
    return ws_error_set(err, WS_EPARSE,
                        "expected float32 or float64, little-endian ('<f4' or '<f8'), "
                        "found '%.*s'",
                        WS_TEXT_ARG(type));
  return WS_OK;
}

static ws_status take_order(ws_text *in, ws_error *err) {
  ws_text word = take_word(in);
  if (ws_text_equals(word, "False")) return WS_OK;
  if (ws_text_equals(word, "True"))
    return ws_error_set(err, WS_EPARSE,
                        "expected a matrix in C order, found one in Fortran order "
                        "(numpy.ascontiguousarray changes it)");
  return malformed(err);
}

static ws_status take_shape(ws_npy *npy, ws_text *in, ws_error *err) {
  uint64_t shape[2] = {0, 0}, size;
  size_t count = 0;
  if (!take(in, '(')) return malformed(err);
  while (!take(in, ')')) {
    if (!ws_text_to_index(take_word(in), &size)) return malformed(err);
    if (count < 2) shape[count] = size;
    count++;
    if (!take(in, ',') && (in->size == 0 || in->data[0] != ')')) return malformed(err);
  }
  if (count != 2)
    return ws_error_set(err, WS_EPARSE,
                        "expected 2 dimensions, a row for each record, found %zu", count);
  if (shape[1] < 1 || shape[1] > MOST_COLUMNS)
    return ws_error_set(err, WS_EPARSE, "expected 1 to %d columns, found %llu",
                        (int)MOST_COLUMNS, (unsigned long long)shape[1]);
  npy->rows = shape[0];
  npy->columns = shape[1];
  return WS_OK;
}

static ws_status take_member(ws_npy *npy, ws_text *in, unsigned *seen, ws_error *err) {
  static const char *const keys[] = {"descr", "fortran_order", "shape"};
  ws_text key;
  unsigned which = 0;
  if (!take_string(in, &key) || !take(in, ':')) return malformed(err);
  while (which < 3 && !ws_text_equals(key, keys[which])) which++;
  if (which == 3 || *seen & 1u << which) return malformed(err);
  *seen |= 1u << which;
  if (which == 0) return take_type(npy, in, err);
  return which == 1 ? take_order(in, err) : take_shape(npy, in, err);
}

static ws_status take_header(ws_npy *npy, ws_text in, ws_error *err) {
  unsigned seen = 0;
  if (!take(&in, '{')) return malformed(err);
  while (!take(&in, '}')) {
    WS_TRY(take_member(npy, &in, &seen, err));
    if (!take(&in, ',') && (in.size == 0 || in.data[0] != '}')) return malformed(err);
  }
  skip_blanks(&in);
  return seen == 7 && in.size == 0 ? WS_OK : malformed(err);
}

/* Whether the numbers are all there; at most as many as 64 bits can count. */
static ws_status check_size(const ws_npy *npy, ws_error *err) {
  uint64_t row = npy->columns * npy->width, there = npy->size - npy->begin;
  if (npy->rows <= UINT64_MAX / row && npy->rows * row == there) return WS_OK;
  return ws_error_set(err, WS_EPARSE,
                      "expected %llu rows of %llu bytes, as its header says, found %llu "
                      "bytes",
                      (unsigned long long)npy->rows, (unsigned long long)row,
                      (unsigned long long)there);
}

static ws_status read_header(ws_npy *npy, ws_error *err) {
  char start[12] = {0};
  size_t most = npy->size < sizeof start ? (size_t)npy->size : sizeof start;
  WS_TRY(read_at(npy, 0, start, most, err));
  if (most < 10 || memcmp(start, "\x93NUMPY", 6) != 0) return malformed(err);
  unsigned version = (unsigned char)start[6];
  if (version < 1 || version > 3)
    return ws_error_set(err, WS_EPARSE, "expected version 1, 2 or 3 of .npy, found %u",
                        version);
  ws_bytes size_bytes = ws_bytes_of((ws_text){start + 8, 4});
  uint64_t size = ws_bytes_take(&size_bytes, version == 1 ? 2 : 4);
  npy->begin = (version == 1 ? 10 : 12) + size;
  if (size > MOST_HEADER || npy->begin > npy->size) return malformed(err);
  char *header = ws_alloc((size_t)size + 1);
  if (!header) return ws_error_nomem(err);
  ws_status status = read_at(npy, npy->begin - size, header, (size_t)size, err);
  if (status == WS_OK) status = take_header(npy, (ws_text){header, (size_t)size}, err);
  if (status == WS_OK) status = check_size(npy, err);
  ws_free(header);
  return status;
}

/* --- opening ------------------------------------------------------------------------ */

static ws_status open_file(ws_npy *npy, ws_error *err) {
  struct stat about;
  npy->fd = open(npy->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (npy->fd < 0 || fstat(npy->fd, &about) != 0)
    return ws_error_set(err, WS_EIO, "%s: cannot open: %s", npy->name, strerror(errno));
  if (!S_ISREG(about.st_mode))
    return ws_error_set(err, WS_EIO, "%s: expected a file", npy->name);
  npy->size = (uint64_t)about.st_size;
  return WS_OK;
}

static ws_status open_npy(const char *name, const ws_text *memory, ws_npy **out,
                          ws_error *err) {
  ws_npy *npy = ws_alloc_zero(1, sizeof *npy);
  if (!npy) return ws_error_nomem(err);
  size_t size = strlen(name) + 1;
  npy->fd = -1;
  npy->name = ws_alloc(size);
  ws_status status = npy->name ? WS_OK : ws_error_nomem(err);
  if (status == WS_OK) {
    memcpy(npy->name, name, size);
    if (memory) {
      npy->memory = *memory;
      npy->size = memory->size;
    } else {
      status = open_file(npy, err);
    }
  }
  if (status == WS_OK) {
    status = read_header(npy, err);
    if (status == WS_EPARSE) ws_error_prefix(err, "%s: ", name);
  }
  if (status == WS_OK)
    *out = npy;
  else
    ws_npy_free(npy);
  return status;
}

ws_status ws_npy_open(const char *path, ws_npy **out, ws_error *err) {
  return open_npy(path, NULL, out, err);
}

ws_status ws_npy_open_memory(const char *name, ws_text bytes, ws_npy **out,
                             ws_error *err) {
  return open_npy(name, &bytes, out, err);
}

void ws_npy_free(ws_npy *npy) {
  if (!npy) return;
  if (npy->fd >= 0) close(npy->fd);
  ws_free(npy->name);
  ws_free(npy);
}

uint64_t ws_npy_rows(const ws_npy *npy) {
  return npy->rows;
}

size_t ws_npy_columns(const ws_npy *npy) {
  return (size_t)npy->columns;
}

const char *ws_npy_name(const ws_npy *npy) {
  return npy->name;
}

/* --- rows --------------------------------------------------------------------------- */

static double number_at(const unsigned char *bytes, unsigned width) {
  uint64_t bits = 0;
  for (unsigned i = 0; i < width; i++) bits |= (uint64_t)bytes[i] << 8 * i;
  if (width == 4) {
    uint32_t low = (uint32_t)bits;
    float number;
    memcpy(&number, &low, sizeof number);
    return (double)number;
  }
  double number;
  memcpy(&number, &bits, sizeof number);
  return number;
}

ws_status ws_npy_row(const ws_npy *npy, uint64_t row, double *out, ws_error *err) {
  if (row >= npy->rows)
    return ws_error_set(err, WS_EINVAL,
                        "%s: expected a row for each record, found %llu rows, and more "
                        "records",
                        npy->name, (unsigned long long)npy->rows);
  size_t columns = (size_t)npy->columns;
  unsigned char *raw = (unsigned char *)out + columns * (8 - npy->width);
  WS_TRY(read_at(npy, npy->begin + row * columns * npy->width, raw, columns * npy->width,
                 err));
  // float32 stands in the second half of `out`: each is read before it is written over
  for (size_t c = 0; c < columns; c++) {
    double number = number_at(raw + c * npy->width, npy->width);
    if (!(fabs(number) <= (double)FLT_MAX))
      return ws_error_set(
          err, WS_EPARSE,
          "%s: row %llu, column %zu: expected a finite number within what "
          "a float holds, found %g",
          npy->name, (unsigned long long)row, c, number);
    out[c] = number;
  }
  return WS_OK;
}
