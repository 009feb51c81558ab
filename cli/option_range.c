/* SPDX-License-Identifier: MIT
 *
 * What numbers options take. The least that is allowed is 1 where 0 would stand for
 * "none given", or ask for nothing.
 */
#include <string.h>

#include <weaksup/chat_label.h>

#include "cmd.h"
#include "option_table.h"
#include "say.h"

typedef struct range_row {
  const char *name; // in the table of options
  uint64_t least, most;
} range_row;

static const range_row ranges[] = {
    {"ask:jobs", 1, 256},
    {"ask:records", 1, UINT64_MAX},
    {"attempts", 1, 100},
    {"generate:records", 1, UINT64_MAX},
    {"lf-memory", 1, UINT64_MAX},
    {"lf-steps", 1, UINT64_MAX},
    {"lf-time", 1, UINT64_MAX},
    {"lfs", 1, UINT64_MAX},
    {"max-lfs", 1, UINT64_MAX},
    {"n", 1, 64},
    {"records", 1, UINT64_MAX},
    {"rounds", 1, 1000},
    {"samples", 1, WS_CHAT_MAX_SAMPLES},
    {"timeout", 1, 86400},
};

static range_row range_of(const option *opt) {
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
    if (strcmp(ranges[i].name, opt->name) == 0) return ranges[i];
  return (range_row){opt->name, 0, UINT64_MAX};
}

bool option_number(const command *self, const option *opt, const char *value,
                   uint64_t *out) {
  range_row range = range_of(opt);
  if (ws_text_to_index(ws_text_of(value), out) && *out >= range.least &&
      *out <= range.most)
    return true;
  if (range.most == UINT64_MAX)
    return say_usage(self, "--%s: expected a whole number of %llu or more, found '%s'",
                     option_shown(opt), (unsigned long long)range.least, value);
  return say_usage(self, "--%s: expected a whole number from %llu to %llu, found '%s'",
                   option_shown(opt), (unsigned long long)range.least,
                   (unsigned long long)range.most, value);
}
