#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints what labeling functions that a language model wrote are worth on published sets, beside
# those that people wrote for them: generate.sh PROGRAM [SET...]. The model's replies are in
# replies/SET (docs/generate.md says which model, and how it was asked); they stand there as
# text, since recorded requests would hold the sets' own records. Nothing is asked, unless CMD
# names a command that is to answer in their place. Figures, no test.
. "$(dirname "$0")/../../real/lib.sh"
data="$here/../../../../shared/data"
shift
[ $# -gt 0 ] || set -- youtube trec agnews24k text_emotion
tasks=$here/tasks
. "$here/prepare.sh"

# write SET OPTION...: the model's functions, into $scratch/SET/lfs/generated.
write() {
  set_of=$1
  shift
  rm -rf "$scratch/$set_of/lfs" "$scratch/$set_of/generated" "$scratch/played" \
    "$scratch/played.drift"
  (cd "$scratch/$set_of" && "$program" generate lfs -q --rounds 3 --n 20 --max-tokens 8192 \
    --model recorded --cmd "${CMD:-sh $here/play.sh $here/replies/$set_of $scratch/played}" \
    --json "$@" >report.json)
}

# drifted: which prompts are no longer those that the replies were written to.
drifted() {
  [ ! -f "$scratch/played.drift" ] ||
    echo "  prompts that have changed since the replies were written: $(
      sed 's/prompt \([0-9]*\):.*/\1/' "$scratch/played.drift" | paste -sd ' ')"
}

# told SET: how the candidates ended.
told() {
  jq -r '"  \(.lfs | length) candidates in \(.rounds | length) rounds: " +
    ([.lfs[].status] | group_by(.) | map("\(length) \(.[0])") | join(", ")) + "; " +
    ([.lfs[] | select(.status == "rejected").reason] | group_by(.) |
      map("\(length) \(.[0])") | join(", "))' "$scratch/$1/report.json"
}

# score FORM SET OPTION...: fits, and prints accuracy on test. A model that learns from votes
# alone is what has been published: gold labels of dev select, but train nothing.
score() {
  form=$1 set_of=$2
  shift 2
  (cd "$scratch/$set_of" && "$program" fit -q --no-dev-gold --out run "$@" 2>/dev/null &&
    jq -r --arg form "$form" '
      def places: . * 1000 | round | . / 1000;
      .scores.test as $test | "  \($form): coverage \(.coverage | places), " +
        "majority vote \($test.majority_vote.accuracy | places), " +
        "label model \($test.label_model.accuracy | places), " +
        "classifier \($test.classifier.accuracy | places)"' run/metrics.json)
}

for one in "$@"; do
  [ -d "$data/$one" ] || { echo "skipped: no folder $one in $data"; continue; }
  echo "$one"
  prepare "$one"
  people=
  [ "$one" = text_emotion ] || people=yes
  [ -z "$people" ] || score "people's functions" "$one" --votes data_votes.jsonl \
    --dev dev_votes.jsonl --test test_votes.jsonl
  write "$one"
  drifted
  told "$one"
  score "accepted" "$one" lfs
  write "$one" --include-unproven
  score "accepted and unproven" "$one" lfs
  [ -z "$people" ] || score "these and people's" "$one" lfs --votes data_votes.jsonl \
    --dev-votes dev_votes.jsonl --test-votes test_votes.jsonl
done
