#!/bin/sh
# SPDX-License-Identifier: MIT
# Exported classifiers of published sets predict what `weaksup predict` does, on every test record.
. "$(dirname "$0")/lib.sh"

# compare SET TEST INT8_MOST INT8_LEAST: the run in $scratch/SET with its headers.
compare() {
  for form in float int8; do
    how= most=1e-6 least=1
    [ $form = float ] || how="--quantize int8" most=$3 least=$4
    "$program" export "$scratch/$1" --to c-header --name m $how --out "$scratch/$1.$form.h" -q
    sh "$here/../export/compare.sh" "$program" "$scratch/$1" "$2" "$scratch/$1.$form.h" m \
      "$most" "$least"
  done
}

# check SET CLASSES FIT TEST INT8_MOST INT8_LEAST
check() {
  need "$1"
  "$program" fit -q --votes "$data/$1/$3.jsonl.gz" --classes "$2" --no-cache --out "$scratch/$1"
  compare "$1" "$data/$1/$4.jsonl.gz" "$5" "$6"
}
check youtube 0,1 train test 0.02 0.995
check trec 0,1,2,3,4,5 train test 0.02 0.995
check semeval 0,1,2,3,4,5,6,7,8 train test 0.02 0.995
# What 1 MB cannot hold is left out: more than rounding.
check agnews24k 0,1,2,3 valid test 0.2 0.99

# check_gold SET TRAIN TEST INT8_MOST INT8_LEAST
check_gold() {
  "$program" train -q --labels "$2" --model logistic --out "$scratch/$1"
  compare "$1" "$3" "$4" "$5"
}
need text_subj
gzip -dc "$data/text_subj/all.jsonl.gz" >"$scratch/all.jsonl"
awk 'NR % 5 == 1' "$scratch/all.jsonl" >"$scratch/subj_test.jsonl"
awk 'NR % 5 != 1' "$scratch/all.jsonl" >"$scratch/subj_train.jsonl"
check_gold text_subj "$scratch/subj_train.jsonl" "$scratch/subj_test.jsonl" 0.02 0.995
need text_trec6
check_gold text_trec6 "$data/text_trec6/train.jsonl.gz" "$data/text_trec6/test.jsonl.gz" 0.02 0.995
need text_emotion # pruned to 1 MB
check_gold text_emotion "$data/text_emotion/train.jsonl.gz" "$data/text_emotion/test.jsonl.gz" 0.2 0.99
need text_banking77 # pruned to 1 MB
check_gold text_banking77 "$data/text_banking77/train.jsonl.gz" "$data/text_banking77/test.jsonl.gz" 0.4 0.99
