# Messages name the cause, in full.
printf '{"id":"1","text":"x","votes":{"a":"A"},"n":1}\n{"id":"2","text":"y","votes":{"a":"B"},"n":"x"}\n' >v.jsonl
weaksup fit --votes v.jsonl --classes A,B --features 'number(n)'
printf '{"id":"1","text":"x","votes":{"a":"A"},"n":1}\n{"id":"2","text":"y","votes":{"a":"B"},"n":2}\n' >good.jsonl
sed 's/}$/,"label":"A"}/; $s/"A"}$/"B"}/' v.jsonl >dev.jsonl
weaksup fit --votes good.jsonl --dev dev.jsonl --classes A,B --features 'number(n)'
echo "an empty name is none" >&2
weaksup fit -q --votes good.jsonl --classes A,B --dev '' --test '' --features 'number(n)'
echo "exit $?"
printf '{"text":"red one","label":"A"}\n{"text":"blue two","label":"B"}\n' >labels.jsonl
weaksup train -q --labels labels.jsonl --data '' --test '' --out trained; echo "exit $?"
echo "standard input is read once" >&2
mkdir lfs
printf 'a A /red/\nb B /blue/\n' >lfs/a.rules
weaksup fit -q lfs --classes A,B --data labels.jsonl --test - <labels.jsonl; echo "exit $?"
weaksup fit -q lfs --classes A,B --data labels.jsonl --test - --no-classifier <labels.jsonl
jq -c '.test.records' run/manifest.json
echo "how many labels there were"
printf '{"id":1,"label":"A"}\n{"id":2,"label":"B"}\n' >ids.jsonl
printf '{"id":1,"text":"a"}\n{"id":2,"text":"b"}\n{"id":3,"text":"c"}\n' >texts.jsonl
weaksup train -q --labels ids.jsonl --data texts.jsonl --id id --out trained
jq .labels.records trained/manifest.json
echo "the reason for the label model"
printf 'id,a,b\n1,A,A\n2,B,A\n3,B,B\n' >v.csv
weaksup fit --votes v.csv --classes A,B --no-classifier | sed -n "/^label model/,/^labels/p"
