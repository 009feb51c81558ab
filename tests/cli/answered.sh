# What comes before a bad record is answered, whichever worker is how far.
mkdir lfs
printf 'a A /a/\nb B /b/\n' >lfs/a.rules
bad() { printf '{"text":"a"}\n{"text":"b"}\n{"text":"c"}\n{\n{"text":"d"}\n'; }
for how in "-j 1" "-j 3 --chunk 1" "--format csv"; do
  bad | weaksup apply lfs - --classes A,B $how; echo "exit $?"
  (bad | head -3; sleep 0.2; bad | tail -2) | weaksup apply lfs - --classes A,B -q $how 2>/dev/null
  echo "exit $?"
done
bad >bad.jsonl
weaksup apply lfs --data bad.jsonl --classes A,B --out votes.jsonl 2>/dev/null; echo "exit $?"
ls
printf '{"text":"a"}\n{"text":"b"}\n' >good.jsonl
weaksup fit -q lfs --classes A,B --data good.jsonl
bad | weaksup predict run --data - --probs none; echo "exit $?"
