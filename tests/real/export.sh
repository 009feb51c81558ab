#!/bin/sh
# SPDX-License-Identifier: MIT
# Exported classifiers of published sets, trained at default settings, predict what `weaksup predict`
# does, on every test record; in 1 MB to two hundredths: export.sh PROGRAM [MODELS], the folder where
# gold.sh has left its runs; without it they are trained.
. "$(dirname "$0")/lib.sh"
models=${2:-}

# compare SET TEST: the run in $scratch/SET with its headers.
compare() {
  for form in float int8; do
    how= most=1e-6 least=1
    [ $form = float ] || how="--quantize int8" most=0.02 least=0.995
    "$program" export "$scratch/$1" --to c-header --name m $how --out "$scratch/$1.$form.h" -q
    sh "$here/../export/compare.sh" "$program" "$scratch/$1" "$2" "$scratch/$1.$form.h" m \
      "$most" "$least"
  done
}

# check SET CLASSES FIT TEST
check() {
  need "$1"
  "$program" fit -q --votes "$data/$1/$3.jsonl.gz" --classes "$2" --no-cache --out "$scratch/$1"
  compare "$1" "$data/$1/$4.jsonl.gz"
}
check youtube 0,1 train test
check trec 0,1,2,3,4,5 train test
check semeval 0,1,2,3,4,5,6,7,8 train test
check agnews24k 0,1,2,3 valid test

# check_gold SET TRAIN TEST
check_gold() {
  if [ -d "$models/$1" ]; then
    cp -r "$models/$1" "$scratch/$1"
  else
    "$program" train -q --labels "$2" --out "$scratch/$1"
  fi
  compare "$1" "$3"
}
need text_subj
gzip -dc "$data/text_subj/all.jsonl.gz" >"$scratch/all.jsonl"
awk 'NR % 5 == 1' "$scratch/all.jsonl" >"$scratch/subj_test.jsonl"
awk 'NR % 5 != 1' "$scratch/all.jsonl" >"$scratch/subj_train.jsonl"
check_gold text_subj "$scratch/subj_train.jsonl" "$scratch/subj_test.jsonl"
for set in text_trec6 text_emotion text_banking77; do
  need $set
  check_gold $set "$data/$set/train.jsonl.gz" "$data/$set/test.jsonl.gz"
done
