# A named pipe is an input as any other, once: nobody waits for its writer a second time.
mkfifo pipe
for i in $(seq 40); do
  printf '{"id":"a%d","text":"free check %d","label":"SPAM"}\n{"id":"b%d","text":"nice song %d","label":"HAM"}\n' \
    $i $i $i $i
done >data.jsonl
printf 'a SPAM /free/\nb HAM /song/\nc SPAM /check/\n' >lfs.rules
waits() { timeout -s KILL 60 weaksup "$@" || echo "exit $?"; }
echo "-- trained, with a test set that comes through one"
cat data.jsonl >pipe &
waits train -q --labels data.jsonl --test pipe --model logistic --out trained
jq -c '.test, .started_in' trained/manifest.json
jq -c .scores.test.classifier.n trained/metrics.json
echo "-- a run of data that came through one"
cat data.jsonl >pipe &
waits fit lfs.rules -q --classes HAM,SPAM --id id --data pipe --dev '' --out run
touch labels.jsonl
waits export run --out labels.jsonl -q
wc -l <labels.jsonl
waits next run --records 2 --out todo.jsonl
waits report run --out page.html
echo "-- evaluated on what comes through one"
sed 's/nice/good/' data.jsonl >other.jsonl
cat other.jsonl >pipe &
waits evaluate trained --data pipe | head -n 2
echo "-- evaluated, where what was trained on came through one"
cat data.jsonl >pipe &
waits train -q --labels pipe --model logistic --out piped
waits evaluate piped --data other.jsonl | head -n 2
echo "-- dev and test are read twice, for the votes and for the classifier"
waits fit lfs.rules -q --classes HAM,SPAM --id id --data other.jsonl --dev pipe --out twice
waits fit lfs.rules -q --classes HAM,SPAM --id id --data other.jsonl --dev '' --test pipe --out twice
cat data.jsonl >pipe &
waits fit lfs.rules -q --classes HAM,SPAM --id id --data other.jsonl --dev '' --test pipe --no-classifier --out once
jq -c .test.records once/manifest.json
