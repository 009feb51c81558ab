# A fold is predicted by what the other folds train: the scores of cv are those of train (or
# fit) on them and evaluate on it, to the last digit.
cd "$SAMPLES/household"
classifier='[.classifier | .n, .accuracy, .macro_f1, .log_loss]'
of_fold() { jq -c "[.classifier.folds[$1] | .n, .accuracy, .macro_f1, .log_loss]" "$2"; }
# the records of fold $1 into in.jsonl, the others into out.jsonl
split() {
  jq -cn --slurpfile folds folds.jsonl --argjson f "$1" '
    ($folds | map({key: .id, value: .fold}) | from_entries) as $of |
    inputs | select($of[.id] == $f)' data/train.jsonl >in.jsonl
  jq -cn --slurpfile folds folds.jsonl --argjson f "$1" '
    ($folds | map({key: .id, value: .fold}) | from_entries) as $of |
    inputs | select($of[.id] != $f)' data/train.jsonl >out.jsonl
}
same() { [ "$1" = "$2" ] && echo same || echo "cv $1, alone $2"; }
how="--id id --features words(text,1-2) --group group"
weaksup cv --labels data/train.jsonl $how --folds 3 --folds-out folds.jsonl --json >cv.json
for f in 0 2; do
  split $f
  weaksup train -q --labels out.jsonl $how --out run
  weaksup evaluate run --data in.jsonl --json >alone.json
  same "$(of_fold $f cv.json)" "$(jq -c "$classifier" alone.json)"
done
echo "-- weights of records: in training alone"
awk '{ sub(/}$/, ",\"w\":" NR % 3 "}"); print }' data/train.jsonl >weighted.jsonl
mv data/train.jsonl kept.jsonl && mv weighted.jsonl data/train.jsonl
weaksup cv --labels data/train.jsonl $how --weight w --folds 3 --folds-out folds.jsonl --json >weighted.json
split 1
weaksup train -q --labels out.jsonl $how --weight w --out run
weaksup evaluate run --data in.jsonl --json >alone.json
same "$(of_fold 1 weighted.json)" "$(jq -c "$classifier" alone.json)"
same "$(jq .records weighted.json)" "$(jq .records cv.json)"
[ "$(of_fold 1 weighted.json)" = "$(of_fold 1 cv.json)" ] || echo different
weaksup cv lfs --weight w 2>&1 | head -1
mv kept.jsonl data/train.jsonl
echo "-- labeling functions"
weaksup cv lfs --folds 3 --folds-out folds.jsonl --json --features "words(text,1)" >cv.json
split 1
weaksup fit lfs -q --data out.jsonl --dev '' --test '' --features "words(text,1)" --out run
weaksup evaluate run --data in.jsonl --json >alone.json
same "$(of_fold 1 cv.json)" "$(jq -c "$classifier" alone.json)"
weaksup apply lfs --data in.jsonl --out in.wsv
weaksup evaluate run --votes in.wsv --json >alone.json
same "$(jq -c '.label_model.folds[1] | [.n, .accuracy, .log_loss]' cv.json)" \
  "$(jq -c '.label_model | [.n, .accuracy, .log_loss]' alone.json)"
echo "-- dev as the yardstick: as fit on the data and the other folds of dev"
jq -c 'del(.label)' data/train.jsonl >plain.jsonl
dev_fold() {
  weaksup cv lfs --data plain.jsonl --dev data/train.jsonl --folds 3 --folds-out folds.jsonl \
    --json --features "words(text,1)" "$@" >cv.json
  split 1
  weaksup fit lfs -q --data plain.jsonl --dev out.jsonl --test '' --features "words(text,1)" \
    --out run "$@"
  weaksup evaluate run --data in.jsonl --json >alone.json
  same "$(of_fold 1 cv.json)" "$(jq -c "$classifier" alone.json)"
  weaksup evaluate run --votes in.wsv --json >alone.json
  same "$(jq -c '.label_model.folds[1] | [.n, .accuracy, .log_loss]' cv.json)" \
    "$(jq -c '.label_model | [.n, .accuracy, .log_loss]' alone.json)"
}
weaksup apply lfs --data in.jsonl --out in.wsv
dev_fold
dev_fold --no-dev-gold
dev_fold --select-lfs
dev_fold --recipe plain --class-weight balanced
