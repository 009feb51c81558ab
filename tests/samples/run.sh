#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a sample and compares what it prints: run.sh PROGRAM SAMPLE [--update].
set -eu
program=$(realpath "$1")
sample=$(realpath "$(dirname "$0")/../../samples/$2")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
cp -r "$sample" "$scratch/sample" # the cache of a run lies beside it
rm -rf "$scratch/sample/.weaksup"
ln -s "$program" "$scratch/bin/weaksup"
PATH="$scratch/bin:$PATH" sh "$scratch/sample/run.sh" "$scratch/run" |
  sed "s:$scratch/run:run:" >"$scratch/output.txt"
[ "${3:-}" != --update ] || cp "$scratch/output.txt" "$sample/expected/output.txt"
diff -u "$sample/expected/output.txt" "$scratch/output.txt"
