# Data that is not as it must be: a clear error with file:line, exit 1, nothing left behind.
mkdir lfs && echo 'any A /./' >lfs/any.rules
try() { weaksup fit -q lfs --classes A,B --id id --out run --data "$@"; echo "exit $?"; }
printf '' >empty.jsonl
printf 'id,text\n' >header.csv
printf '{"id":1,"text":"caf\351"}\n' >latin1.jsonl
printf 'id,text\n1,caf\351\n' >latin1.csv
printf '{"id":1,"text":"a\000b"}\n' >nul.jsonl
printf 'id,text\n1,a\000b\n' >nul.csv
printf '{"id":1,"text":"ok"}\n{"id":2,"text":"cut\n' >cut.jsonl
printf '{"id":1,"text":"ok"} {"id":2,"text":"more"}\n' >two.jsonl
printf '[{"id":1,"text":"ok"}]\n' >list.json
printf '[\n{"id":1,"text":"ok"}\n]\n' >items.json
printf '{\n"id": 1, "text": "ok"\n}\n' >pretty.json
printf '{"id":1,"text":"ok","text":"again"}\n' >doubled.jsonl
printf 'id,text\n1,a\n2,b,c\n' >ragged.csv
printf 'id,text\n1,"a\n2,b\n' >open.csv
printf 'id,text\n1,a "b" c\n' >quote.csv
printf 'id,id\n1,a\n' >columns.csv
printf '{"id":"x","text":"a"}\n{"id":"x","text":"b"}\n' >twice.jsonl
printf '{"id":1,"body":"a"}\n' >absent.jsonl
printf '{"id":1,"text":5}\n' >number.jsonl
printf '{"id":1,"text":null}\n' >null.jsonl
printf '{"text":"a"}\n' >noid.jsonl
printf '{"id":1.5,"text":"a"}\n' >halfid.jsonl
printf '{"id":1,"text":"a","label":"C"}\n' >gold.jsonl
printf '{"id":1,"text":"a","label":2}\n' >goldindex.jsonl
printf 'whatever' >unknown
seq 50000 | sed 's/.*/{"id":&,"text":"&"}/' | gzip | head -c 5000 >cut.jsonl.gz
printf '{"id":1,"text":"a"}\n' | gzip >flipped.jsonl.gz
printf 'X' | dd of=flipped.jsonl.gz bs=1 seek=15 conv=notrunc 2>/dev/null
for f in missing.jsonl empty.jsonl header.csv latin1.jsonl latin1.csv nul.jsonl nul.csv \
  cut.jsonl two.jsonl list.json items.json pretty.json doubled.jsonl ragged.csv open.csv \
  quote.csv columns.csv \
  twice.jsonl absent.jsonl number.jsonl null.jsonl noid.jsonl halfid.jsonl gold.jsonl \
  goldindex.jsonl unknown cut.jsonl.gz flipped.jsonl.gz lfs; do
  try $f
done
{ printf '{"id":1,"text":"'; head -c 100000000 /dev/zero | tr '\0' x; printf '"}\n'; } >long.jsonl
try long.jsonl
{ cat long.jsonl; printf '{"id":2,"text":"short"}\n'; } >long2.jsonl
try long2.jsonl --on-error skip && cut -c1-24 run/labels.jsonl
cat latin1.jsonl nul.jsonl number.jsonl gold.jsonl two.jsonl >many.jsonl
printf '{"id":7,"text":"fine"}\n' >>many.jsonl
try many.jsonl --on-error skip && cut -c1-24 run/labels.jsonl
jq -c '.data | [.records, .skipped]' run/manifest.json

# Tabs in a .csv, and an id that no integer holds.
printf 'id\ttext\n1\tab\n' >tabs.csv
printf '{"id":12345678901234567890,"text":"a"}\n' >large.jsonl
for f in tabs.csv large.jsonl; do weaksup apply lfs --classes A,B --data $f --id id; echo "exit $?"; done
