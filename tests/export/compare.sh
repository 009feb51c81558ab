#!/bin/sh
# SPDX-License-Identifier: MIT
# Compares an exported header with `weaksup predict`, record by record:
# compare.sh PROGRAM MODEL-OR-RUN DATA.jsonl HEADER.h NAME MOST-DIFFERENCE LEAST-AGREEMENT [EMULATOR]
# $CC compiles (gcc); with EMULATOR the result runs under it. Prints one line; fails where a
# probability differs by more, or less than the share of the records has the same class.
set -eu
here=$(dirname "$(realpath "$0")")
program=$1 model=$2 data=$3 header=$(realpath "$4") name=$5 most=$6 least=$7 emulator=${8:-}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# A large header takes the compiler seconds: what is measured is what runs.
flags="-std=c99 -Os -Wall -Wextra -Werror ${CFLAGS:-}"
cat >"$scratch/alone.c" <<END
#include "$header"
extern const int model_classes;
int model_predict(const char *text, size_t size, float *probs);
const int model_classes = ${name}_CLASSES;
int model_predict(const char *text, size_t size, float *probs) {
  return ${name}_predict(text, size, probs);
}
END
${CC:-gcc} $flags -ffreestanding -c "$scratch/alone.c" -o "$scratch/alone.o"
bytes=$(size "$scratch/alone.o" | awk 'NR == 2 {print $1 + $2 + $3}')
${CC:-gcc} $flags "$here/main.c" "$scratch/alone.o" -o "$scratch/main"

unpack() { case "$1" in *.gz) gzip -dc "$1" ;; *) cat "$1" ;; esac; }
unpack "$data" | jq -j '.text, "\u0000"' | $emulator "$scratch/main" >"$scratch/ours"
unpack "$data" | jq -c '{text}' |
  "$program" predict "$model" --data - --input-format jsonl --format csv -q |
  awk -F, 'NR > 1 {sub(/^[^,]*,/, ""); print}' >"$scratch/theirs"
awk -F, -v most="$most" -v least="$least" -v bytes="$bytes" -v name="$(basename "$header")" '
  NR == FNR {ours[NR] = $0; n = NR; next}
  {
    rows++
    k = split(ours[FNR], o, ",")
    # the class is the last but K fields; names may hold commas, so the probabilities count
    best = 0
    for (i = 1; i < k; i++) {
      p = $(NF - (k - 1) + i)
      d = o[i + 1] - p
      if (d < 0) d = -d
      if (d > largest) largest = d
      if (i == 1 || p + 0 > top) {top = p + 0; best = i - 1}
    }
    same += best == o[1]
  }
  END {
    if (rows == 0 || rows != n) {print name ": " n " answers for " rows " records"; exit 1}
    printf "%s: %d records, largest difference %.2g, same class %.4f, %d bytes\n", name, rows,
      largest, same / rows, bytes
    exit !(largest <= most && same / rows >= least)
  }' "$scratch/ours" "$scratch/theirs"
