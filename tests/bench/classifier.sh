#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints how long the classifier takes from text to the trained model, as whole processes, and
# what it predicts a second, with peers beside it: classifier.sh PROGRAM BENCH_CLASSIFIER
# [RUNS] [DOCUMENTS]. PYTHON names the Python that has peers; without it there are none.
# Nothing here is a test: figures depend on the machine.
set -eu
program=$(realpath "$1")
bench=$(realpath "$2")
runs=${3:-3}
documents=${4:-100000}
peers="$(realpath "$(dirname "$0")")/peer_classifiers.py"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# measure NAME COMMAND...: the median of the wall times, documents a second, peak memory.
measure() {
  name=$1
  shift
  for _ in $(seq "$runs"); do
    /usr/bin/time -f '%e %U %M' -o time.txt "$@" >/dev/null 2>error.txt || cat error.txt >&2
    tail -n 1 time.txt
  done | sort -n | awk -v name="$name" -v documents="$documents" '
    {seconds[NR] = $1; user[NR] = $2; if ($3 > memory) memory = $3}
    END {
      median = seconds[int((NR + 1) / 2)]
      printf "  %-24s %8.2f s (%.2f-%.2f, user %.2f) %10.0f/s %8.0f MB\n", name, median,
        seconds[1], seconds[NR], user[1], documents / median, memory / 1024
    }'
}

for case in "4 words(text) chars(text)" "40 words(text)"; do
  words=${case%% *} blocks=${case#* }
  echo "$documents documents of $words words, $blocks"
  "$bench" write docs.jsonl "$documents" "$words"
  measure "train, plain" "$program" train -q --labels docs.jsonl --recipe plain \
    --features "$blocks" --out plain
  measure "fit, plain" "$program" fit -q --votes docs.jsonl --classes A,B,C,D --recipe plain \
    --no-cache --features "$blocks" --out fit
  measure "fit, the recipe" "$program" fit -q --votes docs.jsonl --classes A,B,C,D \
    --no-cache --features "$blocks" --out fit
  jq -c '{id, text}' docs.jsonl >texts.jsonl # who predicts has no labels
  "$bench" load plain/classifier.wsc | sed 's/.*: loaded/  loaded/'
  measure "predict" "$program" predict plain --data texts.jsonl --id id --probs none \
    --out p.jsonl
  [ -z "${PYTHON:-}" ] || for kind in LogisticRegression LinearSVC fastText; do
    "$PYTHON" "$peers" docs.jsonl "$kind" 2>&1 | tail -n 1
  done
done
"$bench" "$runs" "$documents"
