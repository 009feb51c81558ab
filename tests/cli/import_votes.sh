# SPDX-License-Identifier: MIT
# Scores of another model as votes: forms, bins, ids, and beside labeling functions.
cp -r "$SAMPLES/spam/." .
cat >scores.py <<'END_OF_MODEL'
import json, sys
for line in open(sys.argv[1]):
    record = json.loads(line)
    p = sum(map(ord, record["id"] + record["text"])) % 47 / 100 + 0.52
    spam = p if record["label"] == "SPAM" else 1 - p
    scores = {"SPAM": round(spam, 2), "HAM": round(1 - spam, 2)}
    print(json.dumps({"id": record["id"], "scores": scores}))
END_OF_MODEL
for part in train dev test; do python3 scores.py data/$part.jsonl >$part.jsonl; done

echo "-- a threshold"
weaksup import-votes train.jsonl --name zero_shot --threshold 0.7 --out zero_shot.wsv
weaksup analyze zero_shot.wsv --classes HAM,SPAM | head -n 2
weaksup import-votes train.jsonl --threshold 0.7 --threshold SPAM=0.9 --out other.wsv

echo "-- the same scores in other forms"
sed 's/.*"id": "\(.*\)", .*"SPAM": \([0-9.]*\), "HAM": \([0-9.]*\).*/\1,\3,\2/; 1i id,HAM,SPAM' train.jsonl >t.csv
sed 's/.*"SPAM": \([0-9.]*\), "HAM": \([0-9.]*\).*/{"scores": [\2, \1]}/' train.jsonl >t.list.jsonl
for file in t.csv t.list.jsonl; do
  weaksup import-votes $file --name zero_shot --threshold 0.7 --out same.wsv -q
  cmp same.wsv zero_shot.wsv && echo same
done

echo "-- bins"
weaksup import-votes train.jsonl --name model --bins 3 --out bins.wsv
for part in dev test; do
  weaksup import-votes $part.jsonl --data data/$part.jsonl --name model --bins 0,0.67,0.81 --out $part.wsv -q
done
weaksup fit lfs --votes bins.wsv --dev-votes dev.wsv --test-votes test.wsv --no-classifier | grep -e '^model_' -e 'LFs on'
weaksup fit lfs --votes bins.wsv --no-classifier -q
jq -c '.data | {votes_path, records}' run/manifest.json

echo "-- beside one another, in a file"
weaksup apply lfs --out lfs.wsv
weaksup merge --columns lfs.wsv bins.wsv --out all.wsv
cmp all.wsv run/votes.wsv && echo same
weaksup explain run --id c120 | grep model_
weaksup report run -q && grep -c model_ run/report.html | sed 's/^[1-9][0-9]*$/shown/'

echo "-- what does not fit"
weaksup import-votes dev.jsonl --out x.wsv || echo "exit $?"
head -n 3 train.jsonl >few.jsonl
weaksup import-votes few.jsonl --out x.wsv || echo "exit $?"
weaksup import-votes few.jsonl --missing abstain --out x.wsv
cat train.jsonl dev.jsonl >both.jsonl
weaksup import-votes both.jsonl --out x.wsv || echo "exit $?"
weaksup import-votes both.jsonl --unknown skip --out x.wsv
weaksup import-votes train.jsonl --id '' --out x.wsv || echo "exit $?"
echo '{"id":"c001","scores":{"HAM":-1.5,"SPAM":4}}' | weaksup import-votes - --missing abstain --out x.wsv || echo "exit $?"
echo '{"id":"c001","scores":{"HAM":-1.5,"SPAM":4}}' | weaksup import-votes - --missing abstain --softmax --out x.wsv
echo '{"id":"c001","scores":{"HAM":NaN,"SPAM":4}}' | weaksup import-votes - --out x.wsv || echo "exit $?"
weaksup import-votes train.jsonl --softmax --out x.wsv
weaksup fit lfs --votes train.jsonl -q || echo "exit $?"
weaksup fit lfs --votes lfs.wsv -q || echo "exit $?"
weaksup fit lfs --votes test.wsv -q || echo "exit $?"
weaksup merge --columns lfs.wsv test.wsv --out x.wsv || echo "exit $?"

echo "-- one range, from 0 on"
weaksup import-votes train.jsonl --name model --bins 1 --threshold 0 --out one.wsv
weaksup import-votes train.jsonl --name model --bins 0.0 --out again.wsv
cmp one.wsv again.wsv

echo "-- usage"
weaksup import-votes train.jsonl || echo "exit $?"
weaksup import-votes train.jsonl --out x.csv || echo "exit $?"
weaksup import-votes train.jsonl --out x.wsv --bins 0.9,0.5 || echo "exit $?"
weaksup import-votes train.jsonl --out x.wsv --bins 99 || echo "exit $?"
weaksup import-votes train.jsonl --out x.wsv --bins 0 || echo "exit $?"
weaksup import-votes train.jsonl --out x.wsv --threshold SPAN=0.5 || echo "exit $?"
weaksup import-votes train.jsonl --out x.wsv --threshold 0.5 --bins 0.5,0.7 || echo "exit $?"
weaksup import-votes train.jsonl --out x.wsv --missing no || echo "exit $?"
weaksup fit lfs --dev-votes dev.wsv || echo "exit $?"
