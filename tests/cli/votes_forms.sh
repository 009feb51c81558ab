# The forms of ready-made votes give the same labels.
cat >wide.csv <<'END'
id,anna,ben,carl,label
1,A,A,B,A
2,B,,B,B
3,A,A,,
4,,,,
END
cat >list.jsonl <<'END'
{"id":"1","votes":[0,0,1],"label":0}
{"id":"2","votes":["B",null,"1"],"label":"B"}
{"id":"3","votes":["A","A",-1]}
{"id":"4","votes":["","-1",null],"label":null}
END
cat >object.jsonl <<'END'
{"id":1,"votes":{"anna":"A","ben":"A","carl":"B"},"label":0}
{"id":2,"votes":{"carl":"B","anna":"B"},"label":"B"}
{"id":3,"votes":{"anna":"A","ben":"A"}}
{"id":4,"votes":{}}
END
cat >long.csv <<'END'
item,worker,label
1,anna,A
1,ben,A
2,anna,B
1,carl,B
2,carl,B
3,ben,A
3,anna,A
4,anna,
END
gzip -k wide.csv
cat wide.csv | weaksup fit -q --votes - --input-format csv --classes A,B --out stdin
weaksup fit -q --votes wide.csv --classes A,B --out wide
weaksup fit -q --votes wide.csv.gz --classes A,B --out gz
weaksup fit -q --votes list.jsonl --classes A,B --out list
weaksup fit -q --votes object.jsonl --classes A,B --out object
weaksup fit -q --votes long.csv --votes-format long --classes A,B --out long
weaksup fit -q --votes wide/votes.wsv --classes A,B --out wsv
cat wide/labels.jsonl
for run in stdin gz object long wsv; do cmp wide/labels.jsonl $run/labels.jsonl; done
sed 's/lf0/anna/g; s/lf1/ben/g; s/lf2/carl/g' list/labels.jsonl | cmp wide/labels.jsonl -
cmp wide/votes.wsv gz/votes.wsv
cmp wide/votes.wsv wsv/votes.wsv
weaksup export wide | cmp - wide/labels.jsonl
weaksup export wide --format csv
weaksup predict wide --votes object.jsonl | cmp - wide/labels.jsonl
weaksup evaluate wide --votes list.jsonl || echo "other labeling functions"
weaksup evaluate wide --votes wide.csv --json
weaksup evaluate wide --votes wide.csv
# The majority vote of fit's table, and null without votes.
weaksup fit -q --votes wide.csv --dev wide.csv --classes A,B --no-dev-gold --out gold
weaksup evaluate gold --votes wide.csv --json >evaluated.json
jq -c '.scores.dev | .majority_vote, .label_model' gold/metrics.json >fitted
jq -c '.majority_vote, .label_model' evaluated.json | cmp - fitted && echo same
sed 's/label$/label,text/; s/[0-9]*,.*,[AB]$/&,some text/; s/,$/,,other/' wide.csv >texts.csv
weaksup fit -q --votes texts.csv --classes A,B --out texts
weaksup evaluate texts --data texts.csv --json | jq -c '.majority_vote, (.classifier | .n)'
printf 'id,anna,label\n1,,A\n' >none.csv
weaksup evaluate wide --votes none.csv --json | jq -c '.majority_vote | .n, .covered, .accuracy'
