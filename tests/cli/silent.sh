# LFs that vote on no record, with the reason where a field is missing, or on every record.
mkdir lfs
for i in 0 1 2 3 4 5 6 7 8 9; do
  printf '{"id":"%s","text":"word %s","la\\u001bbel":"A"}\n' $i $i
done >data.jsonl
echo '{"id":"10","text":"word 10","late":"word"}' >>data.jsonl
cat >lfs/a.rules <<'RULES'
author A author ~ /x/
late B late ~ /x/
nothing B /nowhere/
all A /word/
RULES
cat >lfs/b.lua <<'LUA'
lf.by = { label = A, field = "author", run = keywords(A, { "x" }) }
function lf.both(x) return x.text:find("1") and A or B end
lf.fine = { field = "late", run = keywords(B, { "word" }) }
LUA
fit() { weaksup fit -q lfs --classes A,B --data "$1" --out run --no-classifier; }
fit data.jsonl
head -9 data.jsonl >few.jsonl # too few to tell
fit few.jsonl
echo "-- apply, and where nothing votes at all" >&2
weaksup apply lfs --classes A,B --data data.jsonl >/dev/null
weaksup apply lfs --classes A,B --data data.jsonl --out v.wsv
mkdir one && echo 'author A author ~ /x/' >one/a.rules
weaksup fit -q one --classes A,B --data data.jsonl --out none || echo "exit $?" >&2
echo "-- kept votes" >&2
fit data.jsonl
weaksup analyze lfs --classes A,B --data data.jsonl -q
echo "-- of a run, records are not read" >&2
weaksup analyze run -q
jq -nc '[range(12) | {key: "field \(.)", value: 1}] | from_entries + {text: "word"}' >wide.jsonl
fit wide.jsonl
