#!/bin/sh
# SPDX-License-Identifier: MIT
# Exported classifiers of published sets predict what `weaksup predict` does, on every test record.
. "$(dirname "$0")/lib.sh"

# check SET CLASSES FIT TEST INT8_MOST INT8_LEAST
check() {
  need "$1"
  "$program" fit -q --votes "$data/$1/$3.jsonl.gz" --classes "$2" --no-cache --out "$scratch/$1"
  for form in float int8; do
    how= most=1e-6 least=1
    [ $form = float ] || how="--quantize int8" most=$5 least=$6
    "$program" export "$scratch/$1" --to c-header --name m $how --out "$scratch/$1.$form.h" -q
    sh "$here/../export/compare.sh" "$program" "$scratch/$1" "$data/$1/$4.jsonl.gz" \
      "$scratch/$1.$form.h" m "$most" "$least"
  done
}
check youtube 0,1 train test 0.02 0.995
check trec 0,1,2,3,4,5 train test 0.02 0.995
check semeval 0,1,2,3,4,5,6,7,8 train test 0.02 0.995
# What 1 MB cannot hold is left out: more than rounding.
check agnews24k 0,1,2,3 valid test 0.2 0.99
