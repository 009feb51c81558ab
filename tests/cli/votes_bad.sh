# Ready-made votes that are not as they must be: file:line, expected, found; and nothing is
# left behind.
try() { weaksup fit -q --classes A,B --out run "$@"; echo "exit $?"; }
printf '{"id":1,"votes":[0,1]}\n{"id":2,"votes":[0]}\n' >length.jsonl
printf '{"id":1,"votes":[0,2]}\n' >range.jsonl
printf '{"id":1,"votes":["A","C"]}\n' >name.jsonl
printf '{"id":1,"votes":[0,0.5]}\n' >fraction.jsonl
printf '{"id":1,"votes":{"a":"A"}}\n{"id":2,"votes":[0]}\n' >mixed.jsonl
printf '{"id":1}\n' >none.jsonl
printf '{"id":1,"votes":[0]}\n{"id":1,"votes":[1]}\n' >twice.jsonl
printf '{"id":1,"votes":[0],"label":"Z"}\n' >gold.jsonl
printf '{"id":1,"votes":[-1,-1]}\n' >abstain.jsonl
printf 'id,a\n1,A,B\n' >ragged.csv
printf 'item,worker,label\n1,w,A\n1,w,B\n' >again.csv
printf 'item,worker\n1,w\n' >columns.csv
printf '{"id":1,"votes":[0],"text":"x"}\n{"id":2,"votes":[0]}\n' >texts.jsonl
for f in length range name fraction mixed none twice gold abstain texts; do try --votes $f.jsonl; done
try --votes ragged.csv
try --votes again.csv --votes-format long
try --votes columns.csv --votes-format long
try --votes missing.csv
try --votes name.jsonl --on-error skip
printf '{"id":1,"votes":["A","C"]}\n{"id":2,"votes":["A","B"]}\n' >skip.jsonl
weaksup fit -q --classes A,B --out run --votes skip.jsonl --on-error skip && cut -c1-30 run/labels.jsonl
ls -A | grep -v -e jsonl -e csv
# Class scores are not, either: what makes votes of them is named.
printf '{"id":1,"scores":{"A":0.2,"B":0.8}}\n' >scores.jsonl
printf '{"id":1,"A":0.2,"B":0.8}\n' >members.jsonl
printf 'id,A,B\n1,0.2,0.8\n' >scores.csv
printf 'x' >scores.npy
for f in scores.jsonl members.jsonl scores.csv scores.npy; do try --votes $f; done

# Records are no votes.
printf 'id,text,label\n1,win,0\n' >records.csv
weaksup analyze records.csv --classes a,b

# Votes on other records are of the same labeling functions by their names.
printf 'id,a,label\n1,A,A\n2,B,B\n' >data.csv
printf 'id,a_test,label\n1,A,A\n2,B,B\n' >test.csv
weaksup fit -q --classes A,B --votes data.csv --test test.csv --out run
sed 's/,A,/,,/; s/,B,/,,/' test.csv >idle.csv
weaksup fit -q --classes A,B --votes data.csv --test idle.csv --out run
