# A linear SVM on the labels of labeling functions: fit, cv and train have it.
cd "$SAMPLES/spam"
weaksup fit lfs --model svm --no-cache | grep -A 2 '^recipe' | sed 's/Temperature .*/Temperature/'
weaksup inspect run --json | jq -c '.loss, .c'
jq -c '(.recipe.temperature != 1), .recipe.branch, (.scores.test.classifier.accuracy > 0.6)' \
  run/metrics.json
weaksup fit lfs -q --model svm --recipe plain --c 0.5 --no-cache --out plain
weaksup inspect plain --json | jq -c '.loss, .c'
weaksup train -q --labels run/labels.jsonl --data data/train.jsonl --id id --model svm --out again 2>&1
weaksup inspect again --json | jq -c '.loss, .c' 2>&1
cd ../household
weaksup cv lfs --folds 3 --model svm --features "words(text,1)" --json | jq -c '.classifier.accuracy.mean > 0.3'
weaksup cv --labels data/train.jsonl --folds 3 --model logistic --features "words(text,1)" \
  --class-weight POOL=50 --json | jq -c '.classes[] | select(.class == "POOL") | .predicted > 150'
weaksup cv lfs --c auto 2>&1
echo "# What the run that is replaced knows of another kind of classifier"
fit() { weaksup fit lfs --features "words(text,1)" "$@" 2>/dev/null | grep -A 1 '^--model' | sed 's/0\.[0-9]*/N/g'; }
fit --out other
fit --out other --model svm
fit --out other
fit --out other
weaksup fit lfs --features "words(text,1)" -q --out other --model svm 2>/dev/null
head -n 100 data/dev.jsonl >few.jsonl
fit --out other --dev few.jsonl
