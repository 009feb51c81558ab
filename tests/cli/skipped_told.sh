# Each command tells how many bad records it left out, once, and rows count them.
printf '{"id":"r0","text":"red one","votes":{"a":"A"},"label":"A"}\n{"id":"r1","text":5}\n{"id":"r2","text":"blue two","votes":{"a":"B"},"label":"B"}\n' >v.jsonl
printf '{"text":"red one","label":"A"}\n{"text":5}\n{"text":"blue two","label":"B"}\n' >data.jsonl
told() { weaksup "$@" -q --on-error skip 2>&1 >/dev/null | grep -c "left out 1 bad record"; }
mkdir lfs
printf 'a A /red/\nb B /blue/\n' >lfs/a.rules
echo fit && told fit lfs --classes A,B --data data.jsonl --test data.jsonl
echo 'fit --test' && weaksup fit lfs --classes A,B --data v.jsonl --test data.jsonl \
  --on-error skip 2>&1 >/dev/null | grep -c "skipped: data"
echo predict && told predict run --data data.jsonl
echo evaluate && told evaluate run --data data.jsonl
echo label && told label run --votes v.jsonl
sed 's/5}/}/' v.jsonl >labels.jsonl
tail -1 labels.jsonl | sed 's/r2/r3/' >>labels.jsonl
head -1 labels.jsonl | sed 's/r0/r4/' >>labels.jsonl
echo train && told train --labels labels.jsonl --out trained
echo cv && told cv --labels labels.jsonl --folds 2
echo "rows of ready-made votes"
printf '{"votes":[0]}\n{"votes":["X"]}\n{"votes":[1]}\n' >rows.jsonl
weaksup fit -q --votes rows.jsonl --classes A,B --on-error skip
jq -c .id run/labels.jsonl
weaksup merge -q run/votes.wsv --out merged.wsv && cmp run/votes.wsv merged.wsv
