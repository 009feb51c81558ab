# Exporting the classifier, and looking inside: what is said, and what is refused.
weaksup fit -q "$SAMPLES/spam/lfs" --no-cache --out run; echo "exit $?"
weaksup export run --to c-header --name spam --out spam.h -q; echo "exit $?"
weaksup export run/classifier.wsc --to c-header --name spam -q | cmp - spam.h && echo same
grep -c 'spam_predict(const char \*text, size_t size, float \*probs)' spam.h
weaksup export run --to c-header --prune 50 --data "$SAMPLES/spam/data/test.jsonl" \
  --out small.h 2>&1 | sed "s|$SAMPLES|SAMPLES|; s/[0-9][0-9.]*/N/g"
weaksup export run/classifier.wsc --to c-header --prune 50 --out small.h 2>&1 | grep -v about
echo "-- what is left out is measured on test, else dev, else the data; the hint for floats, too"
cp -r "$SAMPLES/spam/data" data
without() { sed "s|$SAMPLES|SAMPLES|; s/[0-9][0-9.]*/N/g" | grep -v about; }
for sets in "--dev data/dev.jsonl --test data/test.jsonl" "--dev data/dev.jsonl --test=" "--dev= --test="; do
  weaksup fit -q "$SAMPLES/spam/lfs" --no-cache --data data/train.jsonl $sets \
    --features "words(text)" --out measured
  weaksup export measured --to c-header --prune 50 --out small.h 2>&1 | without
done
echo "-- a test set that has changed is passed over, and so is the dev set that is gone"
weaksup fit -q "$SAMPLES/spam/lfs" --no-cache --data data/train.jsonl --dev data/dev.jsonl \
  --test data/test.jsonl --features "words(text)" --out measured
echo '{"text":"one more","label":"HAM"}' >>data/test.jsonl
rm data/dev.jsonl
weaksup export measured --to c-header --prune 500 --out small.h 2>&1 | without
weaksup train -q --labels data/train.jsonl --gold label --test data/test.jsonl --out trained 2>&1
weaksup export trained --to c-header --prune 500 --out small.h 2>&1 | without | head -1
weaksup export run --to json -q | jq -c '[.classes, .loss, (.blocks[] | .kind, .field, .shortest, .longest)]'
weaksup export run --to json -q |
  jq -c '.blocks[0] | [(.keys, .scale, .shift, .weights | length)] | unique | length'
weaksup export run --to labels | cmp - run/labels.jsonl && echo same
for wrong in '--to yaml' '--to c-header --quantize int4' '--to c-header --max-size big' \
  '--to json --prune 5' '--prune 5' '--to c-header --format csv'; do
  weaksup export run $wrong; echo "exit $?"
done
weaksup export run --to c-header --name 9; echo "exit $?"
weaksup export run --to c-header --max-size 1K 2>/dev/null; echo "exit $?"
weaksup export no --to json; echo "exit $?"
weaksup inspect run --top 3 | grep -oE '^[a-zA-Z]+( on)?|^   '
weaksup inspect run --top 300 | grep -c free
weaksup inspect run --top 1 | sed -n '/^training/,/^$/p'
weaksup inspect run/classifier.wsc --json --top 2 |
  jq -c '[.rows, .loss, (.strongest | map_values(length))]'
printf 'x' >bad.wsc && weaksup inspect bad.wsc; echo "exit $?"
weaksup inspect run --top 1000000; echo "exit $?"
