#!/bin/sh
# SPDX-License-Identifier: MIT
# The whole pipeline on the published YouTube spam task, labeling functions included.
. "$(dirname "$0")/lib.sh"
need youtube

"$program" fit "$here/youtube/lfs" --data "$data/youtube/train.jsonl.gz" \
  --test "$data/youtube/test.jsonl.gz" --max-errors 0 --no-cache --out "$scratch/run"
scores="$scratch/run/metrics.json"
at_least "label model, accuracy" "$(jq .scores.test.label_model.accuracy "$scores")" 0.84
at_least "classifier, accuracy" "$(jq .scores.test.classifier.accuracy "$scores")" 0.88
at_least "coverage" "$(jq .coverage "$scores")" 0.70
[ "$(jq '.lfs | length' "$scores")" = 8 ]

# The same bytes whatever the number of workers and the size of chunks,
# and whether or not they were kept by an earlier run.
for how in "-j 1 --no-cache" "-j 2 --chunk 7 --no-cache" "-j 7 --chunk 1000" "-j 1" "-j 2"; do
  "$program" fit "$here/youtube/lfs" --data "$data/youtube/train.jsonl.gz" \
    --test "$data/youtube/test.jsonl.gz" -q $how --cache "$scratch/cache" --out "$scratch/again"
  for file in votes.wsv label_model.json labels.jsonl classifier.wsc metrics.json; do
    cmp "$scratch/run/$file" "$scratch/again/$file"
  done
done
