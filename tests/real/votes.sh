#!/bin/sh
# SPDX-License-Identifier: MIT
# Published votes: the label model and the classifier reach what they are known to reach.
. "$(dirname "$0")/lib.sh"

# check SET CLASSES FIT TEST LABEL_MODEL CLASSIFIER
check() {
  need "$1"
  "$program" fit -q --votes "$data/$1/$3.jsonl.gz" --classes "$2" --out "$scratch/$1"
  "$program" evaluate "$scratch/$1" --data "$data/$1/$4.jsonl.gz" \
    --votes "$data/$1/$4.jsonl.gz" --json >"$scratch/$1.json"
  at_least "$1, label model" "$(jq .label_model.accuracy "$scratch/$1.json")" "$5"
  at_least "$1, classifier" "$(jq .classifier.accuracy "$scratch/$1.json")" "$6"
}
check youtube 0,1 train test 0.845 0.955
check trec 0,1,2,3,4,5 train test 0.64 0.66
check semeval 0,1,2,3,4,5,6,7,8 train test 0.81 0.785
check agnews24k 0,1,2,3 valid test 0.5848 0.815 # majority vote: 0.5848

need crowd_fact
"$program" fit -q --votes "$data/crowd_fact/all.jsonl.gz" --classes 0,1,2 --out "$scratch/crowd"
"$program" evaluate "$scratch/crowd" --votes "$data/crowd_fact/all.jsonl.gz" --json |
  jq -e .label_model.accuracy
