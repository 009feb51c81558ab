#!/bin/sh
# SPDX-License-Identifier: MIT
# Published gold labels: at default settings the classifier is as good as the better one of
# scikit-learn's logistic regression and linear SVM on the same features: gold.sh PROGRAM [MODELS],
# a folder for the runs.
. "$(dirname "$0")/lib.sh"
models=${2:-$scratch}
mkdir -p "$models"

# check SET TRAIN TEST LEAST
check() {
  "$program" train -q --labels "$2" --test "$3" --out "$models/$1"
  at_least "$1" "$(jq .scores.test.classifier.accuracy "$models/$1/metrics.json")" "$4"
}
need text_subj
gzip -dc "$data/text_subj/all.jsonl.gz" >"$scratch/all.jsonl"
awk 'NR % 5 == 1' "$scratch/all.jsonl" >"$scratch/subj_test.jsonl"
awk 'NR % 5 != 1' "$scratch/all.jsonl" >"$scratch/subj_train.jsonl"
check text_subj "$scratch/subj_train.jsonl" "$scratch/subj_test.jsonl" 0.934

for set in text_trec6:0.892 text_emotion:0.886 text_banking77:0.911; do
  name=${set%:*}
  need "$name"
  check "$name" "$data/$name/train.jsonl.gz" "$data/$name/test.jsonl.gz" "${set#*:}"
done
