# Characters that would act on a terminal: in ids of records and in load errors.
mkdir lfs
printf '{"id":"a\\u001b[2J\\u202e\\u009bb","text":"x"}\n' >data.jsonl
cat >lfs/a.lua <<'LUA'
function lf.fails(x) error("\27[31m\u{202e}" .. x.id) end
function lf.works(x) return A end
LUA
echo 'error("\27[2J\u{202e}\u{2028}left out")' >lfs/b.lua
weaksup analyze lfs --classes A,B --data data.jsonl --id id --keep-going --no-cache |
  grep record
weaksup apply lfs --classes A,B --data data.jsonl --id id --keep-going --no-cache --out v.wsv
