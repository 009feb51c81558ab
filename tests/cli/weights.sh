# Weights of records, from a field: they count in the classifier's training, and nowhere else.
mkdir lfs
printf 'win SPAM /win/\nlunch HAM /lunch/\n' >lfs/a.rules
i=0
while [ $i -lt 40 ]; do
  echo "{\"id\":\"s$i\",\"text\":\"win cash prize $((i % 7))\",\"kind\":\"k$((i % 5))\",\"w\":1,\"one\":1,\"none\":0}"
  echo "{\"id\":\"h$i\",\"text\":\"see you at lunch $((i % 6))\",\"kind\":\"k$((i % 3))\",\"w\":$((i % 3)),\"one\":1,\"none\":0}"
  i=$((i + 1))
done >data.jsonl
head -n 12 data.jsonl | sed 's/"id":"\(.\)/"id":"d\1/; s/"w":[0-9],"one":1,"none":0/"label":"HAM"/; /ds/s/HAM/SPAM/' >dev.jsonl
fit="weaksup fit lfs --classes HAM,SPAM --id id --no-cache"
same() { cmp "$1" "$2" && echo "same $(basename $1)"; }

echo '--- the label model and its labels are as without; the manifest says what was done'
$fit --data data.jsonl -q --out bare
$fit --data data.jsonl --weight w --out weighted | grep -A1 weights
same bare/label_model.json weighted/label_model.json
same bare/labels.jsonl weighted/labels.jsonl
cmp -s bare/classifier.wsc weighted/classifier.wsc || echo "another classifier"
jq -c '[.options.weight]' bare/manifest.json weighted/manifest.json
$fit --data data.jsonl --weight one -q --out ones
same bare/classifier.wsc ones/classifier.wsc
weaksup diff bare weighted | grep weight
weaksup report weighted -q && grep -c '<dt>weights of records</dt><dd>w</dd>' weighted/report.html

echo '--- prediction and evaluation need no such field'
sed 's/,"w":[0-9]//' data.jsonl >without.jsonl
weaksup predict weighted --data without.jsonl | head -n 1 | jq -c .label
weaksup evaluate weighted --data dev.jsonl --json | jq -c .classifier.n

echo '--- 2 is the record twice, 0 is not there: of features that count no records, as near as'
echo '    training comes to its end'
near() { paste $1 $2 | tr -d '[]' | tr '\t' ',' | awk -F, '{ d = $1 - $3; print (d < -2 || d > 2) ? "far: " $0 : "near" }' | sort -u; }
exact="--label-model mv --recipe plain --features category(kind) -q"
jq -c '(select(.w > 0), (select(.w == 2) | .id += "again")) | del(.w)' data.jsonl >twice.jsonl
$fit --data data.jsonl $exact --weight w --out once
$fit --data twice.jsonl $exact --out twice
said() { weaksup predict $1 --data data.jsonl | jq -c '[.probs[] | . * 1000 | round]' | sort -u; }
said once >a; said twice >b
near a b
$fit --data data.jsonl $exact --out plain
said plain | cmp -s - a || echo "others than without weights"
$fit --data data.jsonl $exact --weight w --class-weight balanced --out balanced
$fit --data twice.jsonl $exact --class-weight balanced --out balanced_twice
said balanced >a; said balanced_twice >b
near a b

echo '--- records of dev that have none count as 1'
$fit --data data.jsonl --dev dev.jsonl --weight w -q --out dev
sed 's/}$/,"w":1}/' dev.jsonl >dev_ones.jsonl
$fit --data data.jsonl --dev dev_ones.jsonl --weight w -q --out dev_ones
same dev/classifier.wsc dev_ones/classifier.wsc
sed 's/}$/,"w":7}/' dev.jsonl >dev_sevens.jsonl
$fit --data data.jsonl --dev dev_sevens.jsonl --weight w -q --out dev_sevens
cmp -s dev/classifier.wsc dev_sevens/classifier.wsc || echo "another classifier"

echo '--- what was kept is that of the same weights'
weaksup fit lfs --classes HAM,SPAM --id id --data data.jsonl -q --out kept
weaksup fit lfs --classes HAM,SPAM --id id --data data.jsonl -q --weight w --out kept
same weighted/classifier.wsc kept/classifier.wsc
weaksup fit lfs --classes HAM,SPAM --id id --data data.jsonl --weight w -v --out kept 2>&1 | grep -o 'it is in the cache'

echo '--- ready-made votes: the weights lie beside the texts'
weaksup apply lfs --classes HAM,SPAM --id id --data data.jsonl --out votes.wsv -q
weaksup fit --votes votes.wsv --classes HAM,SPAM --id id --data data.jsonl --weight w -q --out votes
same weighted/classifier.wsc votes/classifier.wsc
weaksup fit --votes votes.wsv --classes HAM,SPAM --weight w -q --out votes

echo '--- mistakes'
wrong() { $fit -q --data "$1" --weight "$2" --out wrong; echo "exit $?"; }
wrong data.jsonl weight
wrong data.jsonl text
wrong data.jsonl none
sed '3s/"w":1/"w":-1/' data.jsonl >negative.jsonl
wrong negative.jsonl w
sed '3s/"w":1/"w":null/' data.jsonl >null.jsonl
wrong null.jsonl w
printf 'id,text,w\na,win now,1\nb,lunch now,nan\n' >nan.csv
wrong nan.csv w
printf 'id,text,w\na,win now,1\nb,lunch now,inf\n' >inf.csv
wrong inf.csv w
printf 'id,text,w\na,win now,1\nb,lunch now,1e9\nc,lunch now,1.1e9\n' >large.csv
wrong large.csv w
$fit -q --data data.jsonl --class-weight HAM=1e10 --out wrong
$fit -q --data data.jsonl --recipe plain --c 1e-300 --out wrong
sed '2s/}$/,"w":"much"}/' dev.jsonl >dev_wrong.jsonl
$fit --data data.jsonl --dev dev_wrong.jsonl --weight w -q --out wrong
$fit --data data.jsonl --weight w --no-classifier
[ -e wrong ] && echo "a run"
sed 's/}$/,"label":"HAM"}/; /"s[0-9]/s/HAM/SPAM/' data.jsonl >gold.jsonl
weaksup train --labels gold.jsonl --weight none --out wrong -q
weaksup cv --labels gold.jsonl --weight none -q
