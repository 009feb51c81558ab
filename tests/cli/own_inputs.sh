# A new run never takes the place of the files that it is made from.
printf 'id,text,a,label\n1,red one,A,A\n2,blue one,B,B\n3,red two,A,A\n4,blue two,B,B\n' >v.csv
weaksup fit -q --votes v.csv --classes A,B --no-classifier
echo "labels of the run"
weaksup train -q --labels run/labels.jsonl --data v.csv --id id; echo "exit $?"
weaksup train -q --labels run/labels.jsonl --data v.csv --id id --out ./run/; echo "exit $?"
ln -s run/labels.jsonl link.jsonl
weaksup train -q --labels link.jsonl --data v.csv --id id; echo "exit $?"
weaksup fit -q --votes run/labels.jsonl --classes A,B; echo "exit $?"
weaksup fit -q --votes v.csv --dev run/votes.wsv --classes A,B; echo "exit $?"
ls run
weaksup train -q --labels run/labels.jsonl --data v.csv --id id --out other; echo "exit $?"
echo "votes of the run are those of the new one, too"
cp run/votes.wsv before
weaksup fit -q --votes run/votes.wsv --classes A,B --label-model mv --no-classifier; echo "exit $?"
cmp run/votes.wsv before
jq -r .options.label_model run/manifest.json
