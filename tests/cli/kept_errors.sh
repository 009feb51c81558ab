# Vote errors are kept with their messages where the same call fails in the same way every
# time: a run that takes them from the cache says, to the byte, what one without it says.
# What a limit on time or memory ended is never kept ("slow", "large").
mkdir task task/lfs && cd task
printf 'classes = { "A", "B" }\ndata = "data.jsonl"\nid = "id"\n' >weaksup.lua
seq 300 | jq -Rc '{id: ("r" + .), text: (. + " words"), n: (if . == "30" then 30 else . end)}' >data.jsonl
cat >lfs/a.lua <<'LUA'
-- the first line
local function second(x)
  return x.text:match("%d+") % x.no.field
end
function field.short(x)
  if x.text:find("^200 ") then error("no more than this") end
  return #x.text < 8
end
function lf.runtime(x)
  if x.text:find("^1%d ") then local v = second(x) return v end
  return A
end
function lf.derived(x) if x.short then return B end end
function lf.no_text(x) if x.text:find("^299 ") then error({}) end end
function lf.overflow(x)
  local function f() return (("x"):gsub("x", f)) end
  if x.text:find("^150 ") then return f() end
end
function lf.callback(x)
  if x.text:find("^151 ") then return (x.text:gsub("%d", function(d) return d .. x.no.field end)) end
end
function lf.unknown(x) if x.text:find("^%d*0 ") then return "C" end return B end
function lf.two(x) if x.text:find("^%d5 ") then return A, B end end
function lf.steps(x)
  if x.text:find("^7 ") then rx("(a+)+$"):test(("a"):rep(40) .. "b") end
  return A
end
function lf.strings(x)
  if x.text:find("^8 ") then for i = 1, 1e2 do local s = ("a"):rep(10000) end end
end
function lf.caught(x)
  local ok, why = pcall(second, x)
  if x.text:find("^9 ") then error(why) end
end
function lf.slow(x) if x.text:find("^4 ") then while true do end end return B end
function lf.large(x)
  if x.text:find("^5 ") then local s = ("a"):rep(1e8) end
  return A
end
LUA
cat >lfs/b.rules <<'RULES'
odd A /[13579] words/
number B n ~ /^1/
list B n ~ @words.txt
RULES
echo 12 >lfs/words.txt

weaksup() { command weaksup "$@" --lf-steps 20000; }
# What differs from run to run is taken out.
run() {
  weaksup analyze lfs "$@" --json >report.json 2>said
  jq 'del(.lfs[].timing, .cached_lfs)' report.json
  cat said
  weaksup fit lfs "$@" -q --out run 2>said
  cat said
  jq 'del(.created, .seconds, .options, .data.cached_lfs, .data.lfs[].timing, .checksum, .classifier_cached)' \
    run/manifest.json
  md5sum <run/votes.wsv
}
same() {
  run >kept.txt
  cached=$(jq -r '"\(.cached_lfs) of \(.lfs | length)"' report.json)
  run --no-cache >plain.txt
  diff kept.txt plain.txt && echo "$1: kept $cached, and the same"
}
same first
same again
sed -i '1a -- another line\n' lfs/a.lua
same "functions moved"
same "again"
sed -i '1i # a comment' lfs/b.rules
same "rules moved"
same "again"
sed -i 's/no more than this/none of these/' lfs/a.lua
mv lfs/a.lua lfs/c.lua
same "another message, and file"
jq -r '.data.lfs[] | [.lf, .calls, .votes, .errors, .quarantine_reason, .failures[0].message, .failures[0].traceback] | join(" | ")' run/manifest.json

echo "--- times are those of the run that computed them"
weaksup analyze lfs --json 2>/dev/null | jq -c '.lfs[] | select(.lf != "slow" and .lf != "large") | .timing' >one
weaksup analyze lfs --json 2>/dev/null | jq -c '.lfs[] | select(.lf != "slow" and .lf != "large") | .timing' >two
cmp one two
jq -c 'select(.mean_us == null or .slowest.us == null)' one

echo "--- limits on errors, and the share for quarantine"
rm lfs/words.txt && sed -i '/@words/d' lfs/b.rules
sed -i '/^function lf.slow/d; /^function lf.large/,$d' lfs/c.lua
weaksup apply lfs --out all.jsonl 2>/dev/null # all are kept from here on
try() {
  rm -f votes.jsonl
  weaksup apply lfs "$@" --out votes.jsonl -v 2>&1 | grep -v ' were kept$\|^weaksup: apply: '
  if test -e votes.jsonl; then md5sum <votes.jsonl && echo votes; else echo "no votes"; fi
}
for options in "--max-errors 0" "--max-errors 20" "--max-errors 1%" "--max-errors 50%" \
  "--quarantine 1%" "--quarantine 100%"; do
  try $options >kept.txt
  try $options --no-cache >plain.txt
  diff kept.txt plain.txt && echo "$options: $(grep -c quarantined kept.txt) quarantined, $(tail -1 kept.txt)"
  grep '^weaksup: lfs\|^weaksup: [0-9m]' kept.txt
done
