# --keep-going: what does not load is said, shown and written down; the rest runs.
printf '{"text":"hello there","label":"HAM"}\n{"text":"bye now","label":"SPAM"}\n{"text":"hello bye"}\n' >data.jsonl
run() { weaksup "$@" --classes HAM,SPAM; echo "exit $?"; }
mkdir good lfs
cat >good/m.lua <<'END'
--- @test "hello" -> HAM
function lf.hello(x) if x.text:find("hello") then return HAM end end
END
printf 'bye SPAM /bye/\nthere HAM /there/\n' >good/n.rules
cp good/* lfs
cat >lfs/a.lua <<'END'
--- @test "a" -> HAM
function lf.early(x) return SPAM end
-- function lf.no(x)
lf["late-one"] = function(x) return SPM
END
printf 'local t = {}\nfunction lf.state(x) t = {} end\n' >lfs/z.lua
printf 'open SPAM /(/\n9x SPAM /a/\nlist SPAM @none.txt\nbye SPAM /now/\n' >lfs/o.rules

echo "-- an error without it"
run apply lfs --data data.jsonl
echo "-- apply: the others vote as they do alone"
run apply lfs --keep-going --data data.jsonl --out kept.wsv
run apply good --keep-going --data data.jsonl --out alone.wsv
cmp kept.wsv alone.wsv
weaksup apply lfs --keep-going --data data.jsonl --classes HAM,SPAM --format csv 2>/dev/null
echo "-- analyze"
run analyze lfs --keep-going --data data.jsonl 2>/dev/null | sed -E 's/ +abstains .*| +[0-9]+ +[0-9.]+ +[0-9]+ \(line [0-9]+\)$//'
weaksup analyze lfs --keep-going --data data.jsonl --classes HAM,SPAM --json 2>/dev/null | sed -n '/"load_errors"/,$p'
echo "-- each is told once: below the table, or where there is none as a warning"
once() { weaksup "$@" --keep-going --data data.jsonl --classes HAM,SPAM 2>&1 >told | grep -c :1:13; grep -c :1:13 told; }
once analyze lfs
once analyze -q lfs
once fit lfs --out told_run
once fit --json lfs --out told_run
once analyze lfs --dev none.jsonl # it fails before the table
echo "-- fit: the manifest has them, the other files are those of a run without"
run fit -q lfs --keep-going --data data.jsonl --out run
weaksup fit -q good --data data.jsonl --out other --classes HAM,SPAM
sed -n '/"load_errors"/,/^ \]/p' run/manifest.json | grep -c '"kind"'
grep '"load_errors"' other/manifest.json
weaksup analyze run | tail -6 | cut -c 1-60
weaksup analyze run --json | grep -c '"kind"'
rm run/manifest.json other/manifest.json
diff -r run other && echo same
echo "-- try and test"
run try lfs --keep-going --text "hello there" 2>/dev/null | awk 'NF > 2 {print $1, $2; next} {print}'
run test lfs --keep-going 2>/dev/null
echo "-- nothing left"
rm lfs/m.lua lfs/n.rules lfs/z.lua
printf 'open SPAM /(/\n' >lfs/o.rules
run fit lfs --keep-going --data data.jsonl --out none
echo "-- the task file is not covered"
printf 'classes = {"HAM"\n' >weaksup.lua
weaksup fit good --keep-going --data data.jsonl --out run
echo "exit $?"
