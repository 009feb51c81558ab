# apply: JSONL and CSV to standard output, a votes file with --out, streaming from '-'.
mkdir lfs
cat >lfs/a.rules <<'END'
sub   SPAM  /\bsubscribe\b/i
short HAM   /^.{0,12}$/
END
cat >data.jsonl <<'END'
{"id":"a","text":"Subscribe!","label":"nobody's"}
{"id":"b","text":"a longer text than that"}
{"id":"c","text":"fine"}
END
apply() { weaksup apply lfs --classes HAM,SPAM "$@"; }
apply --data data.jsonl --id id
apply --data data.jsonl
apply - --id id <data.jsonl | head -1
weaksup apply --classes HAM,SPAM lfs --id id - --format csv <data.jsonl
apply --data data.jsonl --id id --out votes.wsv; echo "exit $?"
sed -i 's/nobody.s/SPAM/' data.jsonl
apply --data data.jsonl --id id --out votes.wsv && weaksup analyze votes.wsv
apply --data data.jsonl --id id --format jsonl --out votes.jsonl && cat votes.jsonl
weaksup fit -q --votes votes.wsv --classes HAM,SPAM --data data.jsonl --out run && ls run
weaksup fit -q --votes votes.wsv --classes SPAM,HAM --out run
printf 'function lf.a(x) return "HAM" end\n' >a.lua # the shortest name of a file
weaksup apply a.lua --classes HAM,SPAM - <data.jsonl | head -1
printf '{"text":"x"}\n{"text":5}\n' | apply -
