# A gold field whose name is misspelt is told, with the field that was meant.
mkdir lfs && echo 'any A /./' >lfs/any.rules
printf '{"id":1,"text":"a","label":"A"}\n{"id":2,"text":"b","label":"B"}\n' >gold.jsonl
printf '{"id":1,"text":"a"}\n{"id":2,"text":"b"}\n' >plain.jsonl
printf '{"id":1,"text":"a","label":null}\n{"id":2,"text":"b"}\n' >null.jsonl
printf 'id,a,b,label\n1,A,A,A\n2,B,B,B\n3,A,,A\n' >votes.csv
fit() {
  echo "-- $*" >&2
  weaksup fit "$@" -q --classes A,B --no-classifier --out run 2>&1 | grep -v "votes for B" >&2
}
fit lfs --data gold.jsonl --gold lable
fit lfs --data plain.jsonl --gold lable
fit lfs --data plain.jsonl
fit lfs --data gold.jsonl
fit lfs --data null.jsonl --gold label
fit lfs --data plain.jsonl --dev gold.jsonl --gold label
fit lfs --data gold.jsonl --dev gold.jsonl --gold lable
fit lfs --data plain.jsonl --test plain.jsonl
echo "-- votes" >&2
weaksup fit --votes votes.csv --gold lable -q --classes A,B --no-classifier --out run
weaksup fit --votes votes.csv -q --classes A,B --no-classifier --out run
weaksup evaluate run --votes votes.csv --gold lable; echo "exit $?"
weaksup explain run --id 1 --votes votes.csv --gold lable; echo "exit $?"
echo "-- others" >&2
weaksup apply lfs --classes A,B --data gold.jsonl --gold lable --out v.wsv
weaksup analyze lfs --classes A,B --data gold.jsonl --gold lable -q 2>&1 | grep lable >&2
printf 'classes = { "A", "B" }\ndata = "gold.jsonl"\ngold = "lable"\n' >weaksup.lua
weaksup apply lfs --out v.wsv
weaksup apply lfs --out v.wsv --data plain.jsonl
sed 's/}/,"n":1}/' gold.jsonl >more.jsonl
printf 'a A /a/\nb B /b/\n' >lfs/any.rules
weaksup fit lfs -q --gold label --out run 2>/dev/null
weaksup evaluate run --data more.jsonl --gold lable; echo "exit $?"
weaksup evaluate run --data plain.jsonl; echo "exit $?"
