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


# prepare SET: data.jsonl, dev.jsonl and test.jsonl in $scratch/SET. Labels of the data are not
# there: nothing can look at them. The same with the votes of people's functions is in
# *_votes.jsonl. A set without a dev part lends the first 100 of valid.
prepare() {
  to=$scratch/$1
  from=$data/$1
  mkdir -p "$to"
  zcat "$from/test.jsonl.gz" >"$to/test_votes.jsonl"
  case $1 in
  agnews24k)
    zcat "$from/valid.jsonl.gz" | sed -n '1,100p' >"$to/dev_votes.jsonl"
    zcat "$from/valid.jsonl.gz" | sed '1,100d' >"$to/data_votes.jsonl" ;;
  text_emotion)
    zcat "$from/valid.jsonl.gz" | sed -n '1,100p' >"$to/dev_votes.jsonl"
    zcat "$from/train.jsonl.gz" >"$to/data_votes.jsonl" ;;
  *)
    zcat "$from/dev.jsonl.gz" >"$to/dev_votes.jsonl"
    zcat "$from/train.jsonl.gz" >"$to/data_votes.jsonl" ;;
  esac
  jq -c '{id, text}' "$to/data_votes.jsonl" >"$to/data.jsonl"
  for part in dev test; do
    jq -c '{id, text, "label": .label}' "$to/${part}_votes.jsonl" >"$to/$part.jsonl"
  done
  cp "$here/tasks/$1.lua" "$to/weaksup.lua"
  printf '%s = "%s.jsonl"\n' data data dev dev test test >>"$to/weaksup.lua"
  echo 'id = "id"' >>"$to/weaksup.lua"
}

# write SET OPTION...: the model's functions, into $scratch/SET/lfs/generated.
write() {
  set_of=$1
  shift
  rm -rf "$scratch/$set_of/lfs" "$scratch/$set_of/generated" "$scratch/played"
  (cd "$scratch/$set_of" && "$program" generate lfs -q --rounds 3 --n 20 --max-tokens 8192 \
    --model recorded --cmd "${CMD:-sh $here/play.sh $here/replies/$set_of $scratch/played}" \
    --json "$@" >report.json)
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
  told "$one"
  score "accepted" "$one" lfs
  write "$one" --include-unproven
  score "accepted and unproven" "$one" lfs
  [ -z "$people" ] || score "these and people's" "$one" lfs --votes data_votes.jsonl \
    --dev-votes dev_votes.jsonl --test-votes test_votes.jsonl
done
