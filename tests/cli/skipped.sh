# Bad records that are skipped keep their places: row numbers count them, and who waits for
# an answer to each record gets one.
mkdir lfs
cat >lfs/a.rules <<'END'
spam SPAM /spam/
ham  HAM  /ham/
END
cat >data.jsonl <<'END'
{"text":"spam one"}
{"text":5}
{"text":"ham two"}
{"text":"spam three"}
END
printf 'text,n\nspam,1\n"two\nlines"\n"ham\nspam",2\na,b,c\nham,3\n' >data.csv
printf 'spam\n\351\nham\n' >data.txt
printf 'text\nspam\n"ham\n"spam\nspam\n' >open.csv
weaksup() { command weaksup "$@" 2>>all.err; }
skip() { weaksup "$@" --classes HAM,SPAM --on-error skip -q; }

echo "apply"
for f in data.jsonl data.csv data.txt open.csv; do
  echo $f
  skip apply lfs --data $f || echo "exit $?"
done
echo "votes on data with skipped records are not kept"
skip apply lfs --data data.jsonl
command weaksup apply lfs --data data.jsonl --classes HAM,SPAM --on-error skip -v 2>&1 |
  grep "kept"
skip apply lfs --data data.jsonl --out votes.jsonl && cat votes.jsonl
skip apply lfs --data data.jsonl --out votes.wsv
weaksup analyze votes.wsv --json | jq -c '[.records, .lfs[].votes]'

echo "fit, predict"
skip fit lfs --data data.jsonl --out run && jq -c '[.id, .label]' run/labels.jsonl
jq -c '.data | [.records, .skipped]' run/manifest.json
weaksup predict run --data data.jsonl --on-error skip -q | jq -c .id
skip analyze lfs --data data.jsonl --json | jq -c '[.records, .lfs[].votes]'

echo "apply -"
cat all.err >&2 # of what came before: the skipped are counted, not shown
skip apply lfs - <data.jsonl
skip apply lfs - --format csv <data.jsonl
skip apply lfs - --out answers.jsonl <data.jsonl && cat answers.jsonl
printf '{"text":1}\n{}\n' | skip apply lfs - || echo "exit $?"
printf '{"text":"spam"}\n{\n' | skip apply lfs -
seq 0 999 | awk '{ if ($1 % 7 == 3 || $1 % 50 > 40) print "{\"text\":" $1 "}"
                   else print "{\"text\":\"spam " $1 "\"}" }' >many.jsonl
for how in "-j 1" "-j 1 --chunk 1" "-j 3 --chunk 1" "-j 4 --chunk 5"; do
  skip apply lfs - $how <many.jsonl >got
  [ -f first ] || cp got first
  cmp got first
done
seq 0 999 >rows
jq -r .id first | cmp - rows
jq -r 'select(.error) | .id' first | wc -l
jq -c 'select(.error)' first | head -2

echo "one in, one out"
mkfifo in out
say() { printf "$1" >&3; }
hear() { timeout 20 sh -c 'IFS= read -r line <&4 && echo "$line"' || echo "no answer"; }
command weaksup apply lfs - --classes HAM,SPAM --on-error skip -j 3 --chunk 1 <in >out 2>/dev/null &
pid=$!
exec 3>in 4<out
say '{"text":"spam"}\n'; hear
say '{"text":1}\n'; hear
say '{\n'; hear
say '{"text":"ham"}\n{"text":null}\n{"text":"spam"}\n'; hear; hear; hear
exec 3>&-
cat <&4
wait $pid
echo "exit $?"

echo "a field 'id'"
note() { command weaksup "$@" --classes HAM,SPAM 2>&1 >/dev/null | grep -c "field 'id'"; }
printf '{"id":"a","text":"spam"}\n{"id":"b","text":"ham"}\n' >id.jsonl
note apply lfs --data id.jsonl
note apply lfs - <id.jsonl
note analyze lfs --data id.jsonl --dev id.jsonl
note fit lfs --data id.jsonl --dev id.jsonl --out run
command weaksup predict run --data id.jsonl 2>&1 >/dev/null
note apply lfs --data id.jsonl -q
note apply lfs --data id.jsonl --id id
note apply lfs --data id.jsonl --id ''
note apply lfs --data id.jsonl --text id
note apply lfs --data data.jsonl --on-error skip
true
