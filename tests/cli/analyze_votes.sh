# analyze takes dev votes, classes of a .wsv file and files of rules, and says what it ignores.
printf 'id,a,b\n1,A,A\n2,B,A\n3,B,B\n' >v.csv
printf 'id,a,b,label\n1,A,A,A\n2,B,A,A\n3,B,B,B\n' >dev.csv
weaksup analyze v.csv --classes A,B --dev dev.csv --class-balance dev | grep "^gold"
weaksup fit -q --votes v.csv --classes A,B
cp run/votes.wsv v.wsv
weaksup analyze v.wsv --dev dev.csv | grep "^gold"
weaksup analyze v.wsv --class-balance uniform --json | jq .records
weaksup analyze v.wsv --class-balance 0.3,0.3,0.4; echo "exit $?"
weaksup analyze run --dev dev.csv; echo "exit $?"
weaksup analyze run --label-model mv; echo "exit $?"
gzip -c v.wsv >v.wsv.gz
weaksup analyze v.wsv.gz --classes A,B --json | jq .records
weaksup fit -q --votes v.wsv.gz --classes A,B && cmp run/votes.wsv v.wsv
printf 'red A /red/\nblue B /blue/\n' >one.rules
printf '{"text":"red"}\n{"text":"blue"}\n' >data.jsonl
weaksup analyze one.rules --classes A,B --data data.jsonl --json | jq .records
