# Errors by kind, tracebacks, times and quarantine: in the table, the manifest and as JSON.
mkdir lfs && seq 100 | sed 's/$/ words/' >data.txt
cat >lfs/a.lua <<'LUA'
local function second(x)
  return x.text:match("%d+") % x.no.field
end
function lf.often(x)
  local n = tonumber(x.text:match("%d+"))
  if n <= 11 then local v = second(x) return v end
  return A
end
function lf.tenth(x)
  if x.text:find("^%d*0 ") then return "C" end
  return B
end
function lf.steps(x)
  if x.text:find("^7 ") then rx("(a+)+$"):test(("a"):rep(40) .. "b") end
end
LUA
printf 'odd A /[13579] words/\n' >lfs/b.rules
still() { sed -E 's/ +/ /g; s/[0-9]+\.[0-9] [0-9]+ \(line [0-9]+\)/T T (line N)/'; }
weaksup analyze lfs --classes A,B --data data.txt -v 2>said | still
grep -v ' s$' said >&2 # how long it took
weaksup analyze lfs --classes A,B --data data.txt --json 2>/dev/null |
  jq -c '.lfs[] | .timing |= (.slowest.us > 0 and .mean_us > 0 and .timed_calls > 0) |
    [.lf, .votes, .calls, .abstains, .dropped_votes, .errors_by_kind, .quarantine_reason, .failures, .timing]'
weaksup fit -q lfs --classes A,B --data data.txt --out run 2>/dev/null
jq -c '.data.lfs[] | [.lf, .votes, .errors, .quarantined, (.failures | length), (.timing | keys)]' run/manifest.json
jq -c '.lfs[0] | [.errors, .quarantined, .quarantine_reason, has("failures"), has("timing")]' run/metrics.json
weaksup analyze run | still | grep -v '^next' >of_run
weaksup analyze lfs --classes A,B --data data.txt 2>/dev/null | still | sed '/^next/,$d' | cmp - of_run
for workers in 1 3; do # the same votes, and only times differ
  weaksup fit -q lfs --classes A,B --data data.txt -j $workers --chunk 7 --out again 2>/dev/null
  cmp run/votes.wsv again/votes.wsv && cmp run/metrics.json again/metrics.json
  for r in run again; do jq -c '.data.lfs | del(.[].timing)' $r/manifest.json; done | uniq | wc -l
done
printf '{"id":"\\u009b31m","text":"a"}\n' >odd.jsonl # an id that would paint the terminal
printf 'function lf.fails(x) error("no") end\n' >lfs/c.lua
weaksup analyze lfs --classes A,B --data odd.jsonl --id id --no-cache 2>/dev/null | grep 'record .*no$'
rm lfs/c.lua
cast() { jq -s 'map(select(.votes | has("often"))) | length'; }
apply() { weaksup apply lfs --classes A,B --data data.txt "$@"; }
apply 2>/dev/null | cast # what was printed cannot be taken back
apply --out v.jsonl 2>/dev/null; cast <v.jsonl
apply --out v.csv 2>/dev/null; head -13 v.csv | tail -3
apply --quarantine 100% --out v.jsonl; cast <v.jsonl
apply --quarantine 11% --out v.jsonl 2>/dev/null; cast <v.jsonl
apply --quarantine 0% --out v.wsv 2>&1 | grep -c quarantined
apply --quarantine 10; echo "exit $?"
apply --quarantine 101%; echo "exit $?"
