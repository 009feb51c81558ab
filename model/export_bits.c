/* SPDX-License-Identifier: MIT
 *
 * Numbers in as many bits as they need. All of an exported header's are written in one
 * code, between those of Rice (Some practical universal noiseless coding techniques,
 * 1979) and Golomb's exponential one: numbers stand in buckets, the first two of 2^width
 * numbers, each further one of twice as many as the one before. A bucket is as many ones
 * as there are before it, and a zero; its width in bits follow. Large numbers are rare
 * but cannot be ruled out: their codes stay short.
 */
#include "export_priv.h"

unsigned ws__number_bits(uint32_t number, unsigned width) {
  unsigned ones = 0;
  uint64_t rest = number;
  for (; rest >> width; width += ones > 1) {
    rest -= (uint64_t)1 << width;
    ones++;
  }
  return ones + 1 + width;
}

size_t ws__bits_size(const ws__bits *bits) {
  return bits->bytes.size ? 8 * bits->bytes.size - bits->left : 0;
}

ws_status ws__bits_put(ws__bits *to, uint32_t value, unsigned count) {
  while (count > 0) {
    if (to->left == 0) {
      WS_TRY(ws_buffer_append(&to->bytes, "", 1));
      to->left = 8;
    }
    unsigned now = count < to->left ? count : to->left;
    uint32_t part = (uint32_t)((uint64_t)value >> (count - now)) & ((1U << now) - 1);
    char *last = &to->bytes.data[to->bytes.size - 1];
    *last = (char)((unsigned char)*last | part << (to->left - now));
    to->left -= now;
    count -= now;
  }
  return WS_OK;
}

ws_status ws__bits_number(ws__bits *to, uint32_t number, unsigned width) {
  unsigned ones = 0;
  uint64_t rest = number;
  for (; rest >> width; width += ones > 1) {
    rest -= (uint64_t)1 << width;
    ones++;
    WS_TRY(ws__bits_put(to, 1, 1));
  }
  WS_TRY(ws__bits_put(to, 0, 1));
  return ws__bits_put(to, (uint32_t)rest, width);
}

void ws__bits_align(ws__bits *to) {
  to->left = 0;
}
