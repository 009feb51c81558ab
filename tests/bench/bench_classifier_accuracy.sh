#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints the table of the classifier's accuracy in docs/classifier.md, on the test records of
# published sets, at default settings: bench_classifier_accuracy.sh PROGRAM [weak|gold [SET...]].
# weak: `fit --votes` on the set's votes; gold: `train --labels` on its gold labels.
# `needed` is what tests/real asks for; `reference` is the recipe in NumPy and SciPy (weak), the
# better one of scikit-learn's logistic regression and linear SVM on the same features (gold).
# A set that is not there is skipped. Figures, no test: it fails only where the program does.
. "$(dirname "$0")/../real/lib.sh"
part=${2:-}
[ $# -gt 2 ] && shift 2 || shift $#
only=" $* "

# wanted PART SET: whether it was asked for, and is there.
wanted() {
  [ -z "$part" ] || [ "$part" = "$1" ] || return 1
  [ "$only" = "  " ] || case $only in *" $2 "*) ;; *) return 1 ;; esac
  [ -d "$data/$2" ] && return
  echo "skipped: no folder $2 in $data"
  return 1
}

# row SET TEST NEEDED REFERENCE: scores the run of the set.
row() {
  "$program" evaluate "$scratch/$1" --data "$2" --json >"$scratch/scores.json"
  jq -r --arg set "$1" --arg needed "$3" --arg reference "$4" '
    def places: . * 1000 | round | "000\(.)"[-3:] | ".\(.)";
    def long: if . < 1 then places else "\(floor)" + (. - floor | places) end;
    .classifier | "| \($set) | \(.n) | \(.accuracy | long) | \(.log_loss | long) | " +
      "\(.macro_f1 | long) | \($needed) | \($reference) |"' "$scratch/scores.json"
}

# weak SET CLASSES TRAIN NEEDED REFERENCE
weak() {
  wanted weak "$1" || return 0
  "$program" fit -q --no-cache --votes "$data/$1/$3.jsonl.gz" --classes "$2" --out "$scratch/$1"
  row "$1" "$data/$1/test.jsonl.gz" "$4" "$5"
}

# gold SET TRAIN TEST NEEDED REFERENCE
gold() {
  "$program" train -q --labels "$2" --out "$scratch/$1"
  row "$1" "$3" "$4" "$5"
}

echo "| set | test records | accuracy | log-loss | macro-F1 | needed | reference |"
echo "|---|---|---|---|---|---|---|"
weak youtube 0,1 train .955 .964
weak trec 0,1,2,3,4,5 train .66 .672
weak semeval 0,1,2,3,4,5,6,7,8 train .785 .800
weak agnews24k 0,1,2,3 valid .815 .822

if wanted gold text_subj; then # every fifth record is a test record
  gzip -dc "$data/text_subj/all.jsonl.gz" >"$scratch/all.jsonl"
  awk 'NR % 5 == 1' "$scratch/all.jsonl" >"$scratch/subj_test.jsonl"
  awk 'NR % 5 != 1' "$scratch/all.jsonl" >"$scratch/subj_train.jsonl"
  gold text_subj "$scratch/subj_train.jsonl" "$scratch/subj_test.jsonl" .934 .934
fi
for set in text_trec6:.892 text_emotion:.886 text_banking77:.911; do
  name=${set%:*}
  if wanted gold "$name"; then
    gold "$name" "$data/$name/train.jsonl.gz" "$data/$name/test.jsonl.gz" "${set#*:}" "${set#*:}"
  fi
done
