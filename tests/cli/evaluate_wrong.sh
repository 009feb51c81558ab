# The records that a model is surest of, and wrong.
cd "$SAMPLES/spam"
weaksup fit lfs -q
echo '# -v lists ten, --wrong as many as are asked for'
weaksup evaluate run --data data/test.jsonl -v 2>/dev/null | sed -n '/^wrong/,$p' >ten
weaksup evaluate run --data data/test.jsonl --wrong 3 | sed -n '/^wrong/,$p' >three
cat three
wc -l <ten
head -n 1 ten
weaksup evaluate run --data data/test.jsonl | grep -c '^wrong'
echo '# They are all that predict gets wrong, by their probability'
weaksup predict run --data data/test.jsonl --out p.jsonl -q
jq -r '[.id, .label] | @tsv' p.jsonl >p.tsv
jq -r '[.id, .label] | @tsv' data/test.jsonl | paste p.tsv - | awk '$2 != $4 { print $1 }' | sort >wrong
weaksup evaluate run --data data/test.jsonl --wrong 1000 --json >e.json
jq -r '.wrong.classifier.records[].id' e.json | sort | cmp - wrong && echo same
jq -c '.wrong.classifier | .count == (.records | length), (.records | map(-.probability) | . == sort)' e.json
jq -c '.wrong.classifier.records[0] | (.probability, .gold_probability) |= (. * 100 | round)' e.json
jq -c '.wrong.label_model' e.json
echo '# On dev, which was trained on, and on a run that has not seen it'
weaksup evaluate run --data data/dev.jsonl --wrong 100 --json | jq -c .wrong.classifier.count
weaksup fit lfs -q --no-dev-gold --out unseen
weaksup evaluate unseen --data data/dev.jsonl --wrong 100 --json | jq -c '.wrong.classifier.count > 3'
echo '# Labels that are decided otherwise, and not at all'
weaksup evaluate run --data data/test.jsonl --wrong 1000 --reject-below 0.9 --json |
  jq -c '.wrong.classifier.records | length > 0, (map(.probability >= 0.9) | all)'
weaksup evaluate run --data data/test.jsonl --wrong 5 --threshold HAM=0.01 --json |
  jq -c '.wrong.classifier.records | map(.label) | unique'
echo '# The label model, on votes: what has no vote is not wrong'
weaksup apply lfs --data data/test.jsonl --out test.wsv -q
weaksup evaluate run --votes test.wsv --wrong 2
weaksup evaluate run --votes test.wsv --wrong 200 --json | jq -c '.wrong.label_model.count, .label_model.n, .wrong.classifier'
weaksup evaluate run --votes test.wsv --json | jq 'has("wrong")'
echo '# Nothing is wrong; hostile texts'
printf '{"id":"a","text":"subscribe to my channel now","label":"SPAM"}\n' >right.jsonl
weaksup evaluate run --data right.jsonl -v 2>/dev/null | tail -n 1
printf '{"id":"\\u001b[2Ja","text":"subscribe to my \\u001b]0;x\\u0007 \\u202e channel \\n now","label":"HAM"}\n' >bad.jsonl
weaksup evaluate run --data bad.jsonl --wrong 1 | tail -n 2
