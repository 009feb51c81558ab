#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs one case in a scratch folder and compares what it prints with the files beside it:
# run.sh PROGRAM CASE.sh [--update]. A missing file means nothing printed, and exit code 0.
# The case finds the program as `weaksup`, a copy of the samples in $SAMPLES, the tests beside it.
set -eu
program=$(realpath "$1")
case=$(realpath "$2")
base=${case%.sh}
samples=$(realpath "$(dirname "$0")/../../samples")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

mkdir "$scratch/bin" "$scratch/work"
cp -r "$samples" "$scratch/samples"
rm -rf "$scratch"/samples/*/.weaksup
ln -s "$(realpath "$(dirname "$0")/..")" "$scratch/tests"
SAMPLES=$scratch/samples
export SAMPLES
ln -s "$program" "$scratch/bin/weaksup"
# 77: skipped, and it says why.
code=0
(cd "$scratch/work" && PATH="$scratch/bin:$PATH" sh -u "$case" >../stdout 2>../stderr) || code=$?
echo "$code" >"$scratch/exit"
if [ "$code" = 77 ]; then
  cat "$scratch/stdout"
  exit 77
fi

bad=0
for part in stdout stderr exit; do
  expected="$base.$part"
  if [ "${3:-}" = --update ]; then
    rm -f "$expected"
    if [ "$part" = exit ]; then [ "$code" = 0 ] || cp "$scratch/exit" "$expected"
    elif [ -s "$scratch/$part" ]; then cp "$scratch/$part" "$expected"; fi
    continue
  fi
  if [ ! -f "$expected" ]; then
    expected="$scratch/expected"
    : >"$expected"
    [ "$part" != exit ] || echo 0 >"$expected"
  fi
  diff -u "$expected" "$scratch/$part" || { echo "$case: $part differs" >&2; bad=1; }
done
exit $bad
