# Which records to label and which rules to write next.
cd "$SAMPLES/spam"
weaksup fit lfs -q
echo '# Records'
weaksup next run --records 6
for by in entropy margin disagreement evidence diverse; do
  weaksup next run --records 4 --by $by --json | jq -c '[.by, (.records[] | [.id, .by, .lf])]'
done
weaksup next run --records 4 --by margin --classifier --out todo.jsonl -q
jq -c . todo.jsonl
weaksup next run --records 40 --by disagreement --json | jq '.records | length'
echo '# What is labelled is left out: in the dev set, and in the data'
weaksup next run --records 6 --out first.jsonl -q
cat data/dev.jsonl first.jsonl >more.jsonl
weaksup next run --records 6 --dev more.jsonl --out second.jsonl -q
cat first.jsonl second.jsonl | jq -r .id | sort | uniq -d
sed 's/"id":"c0/"id":"d0/' first.jsonl >otherid.jsonl
weaksup next run --records 6 --dev otherid.jsonl --json | jq .labelled
sed '20,$s/, *"label": *[^,}]*//' data/train.jsonl >some.jsonl
weaksup fit lfs -q --data some.jsonl --no-classifier --out some
weaksup next some --json | jq '.labelled, ([.records[] | select(.row < 19)] | length)'
echo '# The order of the records does not matter, the seed does'
tac data/train.jsonl >tac.jsonl
weaksup fit lfs -q --data tac.jsonl --no-classifier --out tac
weaksup fit lfs -q --no-classifier --out bare
weaksup next bare --records 9 --json | jq -c '[.records[].id]'
weaksup next tac --records 9 --json | jq -c '[.records[].id]'
weaksup next bare --records 9 --seed 1 --json | jq -c '[.records[].id]'
echo '# Rules, which cover what they say'
weaksup next run --lfs 4
weaksup next bare --lfs 4 --dev '' --json | jq -c '[.judged_by, .gold, (.lfs[] | [.words, .class, .records, .gold])]'
weaksup next run --lfs 4 --json | jq -r '.lfs[] | [(.rule | split(" ")[0]), .records] | @tsv' | sort >said
weaksup next run --lfs 4 --out found/found.rules -q; echo "exit $?"
mkdir found
weaksup next run --lfs 4 --out found/found.rules -q
weaksup analyze found --json | jq -r '.lfs[] | [.lf, .votes] | @tsv' | sort | diff said - && echo same
echo '# Nothing can be decided without gold labels'
mkdir unproven
echo 'out SPAM /check out/' >unproven/out.rules
sed 's/, *"label": *[^,}]*//' data/dev.jsonl >bare.jsonl
weaksup next run --unproven unproven --dev bare.jsonl; echo "exit $?"
echo '# Hostile texts, class names and ids'
mkdir h
cd h
for i in $(seq 20); do
  printf '{"id":"\\u001b[2Ja%s","text":"\\u001b]0;x\\u0007 evil \\u202e one%s \\n word"}\n' $i $i
  printf '{"id":"b%s","text":"good%s two"}\n{"id":"c%s","text":"evil %s"}\n' $i $i $i $i
done >d.jsonl
printf 'a "A \\e" /word/\nb "B \033[1m" /two/\n' | tr -d '\033' >a.rules
printf 'classes = { "A \\\\e", "B [1m" }\ndata = "d.jsonl"\nid = "id"\n' >weaksup.lua
weaksup fit a.rules -q --no-classifier; echo "exit $?"
weaksup next run --records 3 --by diverse
weaksup next run --lfs 1
weaksup next run --lfs 1 --out b.rules -q
weaksup analyze ./b.rules --data d.jsonl --json | jq -c '.lfs[] | [.lf, .polarity, .votes]'
cd ..
echo '# Without the records'
mv data/train.jsonl gone.jsonl
weaksup next run --records 2 --by evidence; echo "exit $?"
weaksup next run --records 2 --out x.jsonl; echo "exit $?"
weaksup next run --lfs 2; echo "exit $?"
weaksup next run --records 1 --by evidence --data gone.jsonl
weaksup next run --records 1 --data data/test.jsonl; echo "exit $?"
echo '# Wrong usage'
weaksup next run --by entropie; echo "exit $?"
weaksup next run --lfs 2 --records 2; echo "exit $?"
weaksup next run --lfs 0; echo "exit $?"
weaksup next run --records 0; echo "exit $?"
weaksup next bare --classifier --data gone.jsonl; echo "exit $?"
weaksup next run --records 1 --dev none.jsonl --by evidence --data gone.jsonl; echo "exit $?"
weaksup next data; echo "exit $?"
weaksup annotate run; echo "exit $?"
weaksup annotate run --by x; echo "exit $?"
