# The manifest holds all options that make the classifier, of fit and of train, and so does the
# report.
i=0
while [ $i -lt 30 ]; do
  echo "{\"id\":\"s$i\",\"text\":\"win cash prize $i\",\"n\":$i,\"w\":2,\"g\":\"s$i\"}"
  echo "{\"id\":\"h$i\",\"text\":\"see you at lunch $i\",\"n\":$i,\"w\":1,\"g\":\"h$i\"}"
  i=$((i + 1))
done >data.jsonl
sed 's/"id":"s.*}/&SPAM/;s/"id":"h.*}/&HAM/;s/}\([A-Z]*\)$/,"label":"\1"}/' data.jsonl >gold.jsonl
printf 'win SPAM /win/\nlunch HAM /lunch/\n' >lfs.rules
of() { jq -c '.options | {features, hash_bits, vector_words, recipe, model, hidden, log_ratios, hard,
  min_confidence, uncovered, class_weight, c} + with_entries(select(.key == "weight" or .key == "group"))' \
  "$1/manifest.json"; }
train="weaksup train -q --labels gold.jsonl"
fit="weaksup fit -q lfs.rules --classes HAM,SPAM --data data.jsonl"
$train --out a && of a
$train --out b --features "words(text) number(n)" --model mlp --hidden 3 --seed 4 --weight w && of b
$train --out c --recipe plain --log-ratios on --c 2 --hash-bits 12 --class-weight SPAM=2 --group g && of c
$train --out d --model svm --hard --min-confidence 0.6 && of d
$fit --out e && of e
$fit --out f --features "words(text,1-1) number(n)" --model svm --hard --min-confidence 0.5 \
  --class-weight balanced && of f
$fit --out g --recipe plain --uncovered --model mlp --hidden 5 --vector-words 9 && of g
$fit --out h --no-classifier && of h
facts() {
  sed -n '/<dt>features/,/<\/dl>/p' "$1" | sed -n 's/<div><dt>\(.*\)<\/dt><dd>\(.*\)<\/dd><\/div>/\1: \2/p'
}
for run in e f g; do echo "-- $run"; weaksup report $run -q && facts $run/report.html; done
echo "-- diff"
weaksup diff e f | sed -n '/told otherwise/,$p'
