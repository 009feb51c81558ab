# Cross-validation: by families of paraphrases, the same for a seed, in both forms.
cd "$SAMPLES/household"
weaksup cv --labels data/train.jsonl --model logistic --folds 3 --group group --folds-out a.jsonl | sed -n '1,3p;/^class /,/^$/p' |
  awk '{ print $1 }'
weaksup cv -q --labels data/train.jsonl --model logistic --folds 3 --group group --folds-out b.jsonl
cmp a.jsonl b.jsonl && wc -l <a.jsonl && head -2 a.jsonl
# no family is in two folds
jq -sr '.[] | [.id, .group // .fold] | @tsv' data/train.jsonl | sort >groups
jq -r '[.id, .fold] | @tsv' a.jsonl | sort | join groups - | awk '{ print $2, $3 }' | sort -u |
  awk '{ print $1 }' | uniq -d
weaksup cv lfs --recipe plain --folds 3 --group group --folds-out c.csv --json >cv.json
head -2 c.csv
jq -c '[.records, .folds, (.label_model.folds | length), (.classifier.accuracy.mean > 0.3),
  (.label_model.accuracy.mean > 0.6), (.confusion | length)]' cv.json
echo "-- errors"
weaksup cv --labels data/train.jsonl --group family 2>&1
weaksup cv --labels data/train.jsonl --folds 1 2>&1
weaksup cv 2>&1
printf '{"text":"x","label":"a"}\n{"text":"y","label":"b"}\n{"text":"z","label":"a"}\n' >few.jsonl
weaksup cv --labels few.jsonl --classes a,b --folds 2 2>&1
weaksup fit lfs -q --no-classifier --no-cache --out run
weaksup cv --labels run/labels.jsonl --data data/train.jsonl 2>&1
weaksup cv -q --labels data/train.jsonl --folds 2 --recipe plain --features "category(label)" 2>&1
