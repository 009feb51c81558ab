/* SPDX-License-Identifier: MIT
 *
 * Little-endian numbers, one byte at a time: compilers make one load or store of it where
 * the machine allows, and it is right on the others.
 */
#include <weaksup/bytes.h>

#include <string.h>

#include <weaksup/hash.h>

ws_status ws_bytes_put(ws_buffer *out, uint64_t number, size_t size) {
  unsigned char bytes[8];
  for (size_t i = 0; i < 8; i++) bytes[i] = (unsigned char)(number >> 8 * i);
  return ws_buffer_append(out, bytes, size);
}

ws_status ws_bytes_put_double(ws_buffer *out, double number) {
  uint64_t bits;
  memcpy(&bits, &number, sizeof bits);
  return ws_bytes_put(out, bits, sizeof bits);
}

ws_status ws_bytes_put_text(ws_buffer *out, ws_text text) {
  if (text.size > UINT32_MAX) return WS_EINVAL;
  WS_TRY(ws_bytes_put(out, text.size, 4));
  return ws_buffer_text(out, text);
}

ws_bytes ws_bytes_of(ws_text bytes) {
  return (ws_bytes){(const unsigned char *)bytes.data, 0, bytes.size, false};
}

uint64_t ws_bytes_take(ws_bytes *in, size_t size) {
  uint64_t number = 0;
  if (in->size - in->at < size) {
    in->bad = true;
    return 0;
  }
  for (size_t i = 0; i < size; i++) number |= (uint64_t)in->data[in->at + i] << 8 * i;
  in->at += size;
  return number;
}

double ws_bytes_take_double(ws_bytes *in) {
  uint64_t bits = ws_bytes_take(in, sizeof bits);
  double number;
  memcpy(&number, &bits, sizeof number);
  return number;
}

ws_text ws_bytes_take_run(ws_bytes *in, size_t size) {
  if (in->size - in->at < size) {
    in->bad = true;
    return (ws_text){"", 0};
  }
  ws_text run = {(const char *)in->data + in->at, size};
  in->at += size;
  return run;
}

ws_text ws_bytes_take_text(ws_bytes *in) {
  return ws_bytes_take_run(in, (size_t)ws_bytes_take(in, 4));
}

ws_status ws_bytes_seal(ws_buffer *out, size_t start) {
  ws_hash128 hash = ws_hash128_of(out->data + start, out->size - start);
  WS_TRY(ws_bytes_put(out, hash.low, 8));
  return ws_bytes_put(out, hash.high, 8);
}

bool ws_bytes_sealed(ws_text bytes) {
  if (bytes.size < WS_BYTES_CHECKSUM) return false;
  size_t covered = bytes.size - WS_BYTES_CHECKSUM;
  ws_hash128 hash = ws_hash128_of(bytes.data, covered);
  ws_bytes end = {(const unsigned char *)bytes.data, covered, bytes.size, false};
  return ws_bytes_take(&end, 8) == hash.low && ws_bytes_take(&end, 8) == hash.high;
}
