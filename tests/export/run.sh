#!/bin/sh
# SPDX-License-Identifier: MIT
# Exported headers of the samples: they compile without a warning and without a library, and
# predict what `weaksup predict` does; bytes that are no text do them no harm: run.sh PROGRAM.
# With clang, and for ARM under qemu, where those are installed.
set -eu
program=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
samples=$here/../../samples
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
has() { command -v "$1" >/dev/null 2>&1; }

# all SAMPLE HEADER MOST LEAST: with each compiler
all() {
  sample=$1 header=$scratch/$2 most=$3 least=$4
  sh "$here/compare.sh" "$program" "$scratch/$sample" "$samples/$sample/data/test.jsonl" \
    "$header" m "$most" "$least"
  ! has clang || CC=clang sh "$here/compare.sh" "$program" "$scratch/$sample" \
    "$samples/$sample/data/test.jsonl" "$header" m "$most" "$least"
  if has arm-linux-gnueabihf-gcc && has qemu-arm-static; then
    CC=arm-linux-gnueabihf-gcc CFLAGS=-static sh "$here/compare.sh" "$program" "$scratch/$sample" \
      "$samples/$sample/data/test.jsonl" "$header" m "$most" "$least" qemu-arm-static
  fi
}

for sample in household spam; do
  "$program" fit -q "$samples/$sample/lfs" --no-cache --out "$scratch/$sample"
  "$program" export "$scratch/$sample" --to c-header --name m --out "$scratch/$sample.h" -q
  "$program" export "$scratch/$sample" --to c-header --name m --quantize int8 -q \
    --out "$scratch/$sample.int8.h"
  all $sample $sample.h 1e-6 1
  all $sample $sample.int8.h 0.02 0.995
done

# What is promised to be small is.
"$program" export "$scratch/household" --to c-header --name m --quantize int8 --max-size 32K -q \
  --out "$scratch/small.h"
sh "$here/compare.sh" "$program" "$scratch/household" "$samples/household/data/test.jsonl" \
  "$scratch/small.h" m 1 0.5 >"$scratch/said"
cat "$scratch/said"
bytes=$(grep -oE '[0-9]+ bytes' "$scratch/said" | cut -d' ' -f1)
[ "$bytes" -le 32768 ] || { echo "expected at most 32768 bytes, found $bytes" >&2; exit 1; }

# The same answers however few n-grams a pass can count, and as C++.
for slots in 8 64; do
  CFLAGS="-Dm_SLOTS=$slots" sh "$here/compare.sh" "$program" "$scratch/household" \
    "$samples/household/data/test.jsonl" "$scratch/household.h" m 1e-6 1
done
if has g++; then
  printf '#include "%s"\nint main() { return m_predict("", 0, NULL) < 0; }\n' \
    "$scratch/household.h" >"$scratch/as.cpp"
  g++ -std=c++11 -Wall -Wextra -Wpedantic -Werror "$scratch/as.cpp" -o "$scratch/as"
  "$scratch/as"
fi

# Random bytes, under the sanitizers.
for form in household.h household.int8.h; do
  gcc -std=c99 -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all \
    -DHEADER="\"$scratch/$form\"" "$here/fuzz.c" -o "$scratch/fuzz"
  "$scratch/fuzz"
done

has clang || echo "not tested with clang: it is not installed"
if ! has arm-linux-gnueabihf-gcc || ! has qemu-arm-static; then
  echo "not tested for ARM: gcc-arm-linux-gnueabihf, libc6-dev-armhf-cross, qemu-user-static"
fi
