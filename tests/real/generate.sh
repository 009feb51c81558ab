#!/bin/sh
# SPDX-License-Identifier: MIT
# Labeling functions that a language model wrote for the published YouTube spam task, played from
# its replies: those that are accepted label it well, without any that people wrote.
. "$(dirname "$0")/lib.sh"
need youtube
tasks=$here/../bench/generate/tasks
. "$here/../bench/generate/prepare.sh"

prepare youtube
cd "$scratch/youtube"
"$program" generate lfs -q --rounds 3 --n 20 --model recorded \
  --cmd "sh $here/../bench/generate/play.sh $here/../bench/generate/replies/youtube $scratch/played" \
  --json >report.json
[ "$(jq '.lfs | length' report.json)" = 60 ]
"$program" fit -q --no-dev-gold --out run lfs
at_least "label model, accuracy" "$(jq .scores.test.label_model.accuracy run/metrics.json)" 0.89
at_least "classifier, accuracy" "$(jq .scores.test.classifier.accuracy run/metrics.json)" 0.95
