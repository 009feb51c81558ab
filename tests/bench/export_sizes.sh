#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints the rows of the table in docs/export.md: headers of the sample household, their size for
# x86-64 and for Cortex-M0 (where arm-none-eabi-gcc is installed: gcc-arm-none-eabi), the stack of
# all their functions together, and how far they are from the whole classifier on the test set:
# export_sizes.sh PROGRAM. Nothing here is a test: figures depend on the compilers.
set -eu
program=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
sample=$here/../../samples/household
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# kilobytes COMPILER...: code and tables of one.c, and leaves one.su with the stack of functions.
kilobytes() {
  command -v "$1" >/dev/null || { echo "-"; return; }
  "$@" -std=c99 -Os -ffreestanding -fstack-usage -c one.c -o one.o
  "${1%gcc}size" one.o | awk 'NR == 2 {printf "%.0f KB\n", ($1 + $2 + $3) / 1024}'
}

# row NAME OPTION...
row() {
  name=$1
  shift
  "$program" export run --to c-header --name m "$@" --out m.h 2>said
  printf '#include "m.h"\nint entry(const char *t, size_t n, float *p);\nint entry(const char *t, size_t n, float *p) { return m_predict(t, n, p); }\n' >one.c
  pc=$(kilobytes gcc)
  stack=$(awk -F'\t' '{sum += $2} END {printf "%.1f KB", sum / 1024}' one.su)
  arm=$(kilobytes arm-none-eabi-gcc -mcpu=cortex-m0 -mthumb)
  features=$(sed -n 's/.*: \([0-9]*\) of .* features.*/\1/p' said)
  found=$(sh "$here/../export/compare.sh" "$program" run "$sample/data/test.jsonl" m.h m 1 0 |
    sed 's/.*largest difference \([^,]*\), same class \([^,]*\),.*/\2 | \1/')
  right=$(sed -n 's/.*: accuracy \([0-9.]*\) on .*/\1/p' said)
  echo "| $name | $features | $pc | $arm | $stack | $found | ${right:-the whole classifier's} |"
}

"$program" fit -q "$sample/lfs" --no-cache --out run
echo "| header | features | x86-64 | Cortex-M0 | stack | same class | largest difference | accuracy |"
echo "|---|---|---|---|---|---|---|---|"
row "floats"
row "int8" --quantize int8
row "int8, 100K" --quantize int8 --max-size 100K
row "int8, 32K" --quantize int8 --max-size 32K
