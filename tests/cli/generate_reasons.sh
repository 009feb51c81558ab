# What a candidate is refused for: each reason that no other test has, by a candidate that is made
# for it; how many are taken at most; what can be judged again, and on what.
. "$(realpath "$SAMPLES/../tests")/support/planted_task.sh"
planted_task . 600 300 2
cat >reply <<'END'
```lua
local times = 0
for i = 1, 2 do times = times + i end
function lf.good(x) if has(x.text, { "win" }) then return SPAM end end
function lf.bad(x) if has(x.text, { "song" }) then return SPAM end end
```
```lua
local t = {}
while true do t[1] = 1 end
function lf.forever(x) return SPAM end
```
```lua
local t = {}
for i = 1, 1e9 do t[i] = ("x"):rep(100) .. i end
function lf.big(x) return SPAM end
```
```lua
function lf.border(x)
  -- how many a table with a gap holds depends on how its keys are hashed
  local t = {}
  for i = 1, 8 do t["k" .. i .. x.text] = 1 end
  for i = 1, 5 do t["k" .. i .. x.text] = nil end
  t[1] = 1
  t[2] = 1
  t[4] = 1
  if #t == 4 then return SPAM end
end
```
```rules
b  SPAM  /click|visit|lamp/
d  SPAM  /cash|visit|lamp/
f  SPAM  /cash|click|lamp/
```
END
judged() {
  weaksup generate lfs --cmd 'cat reply' --model stub --rounds 1 --no-classifier --quiet --json "$@" |
    sed -n '/"lfs"/,$p' | grep '"name"\|"stage"\|"reason"' | cut -d '"' -f 4 | paste -d ' ' - - -
  ls lfs/generated 2>/dev/null
}
echo "--- each with a reason"
judged
sed -n 's/.*"evidence": "\(says something else\).*\( in other processes.*\)"/\1\2/p' generated/report.json
rm -rf lfs generated
sed -n '/^```rules/,/^```$/p' reply >rules && mv rules reply
echo "--- good one by one, and harmful together: refused before a file is written"
judged --label-model hds
grep -o 'with what else.*changes by' generated/report.json | sort | uniq -c | sed 's/^ *//'
rm -rf lfs generated
echo "--- what does not help beside others"
judged --label-model mv | grep utility
rm -rf lfs generated
echo "--- so many at most, in all rounds"
printf '```rules\nwin SPAM /win/\nclick SPAM /click/\nsong HAM /song/\nmother HAM /mother/\n```\n' >reply
judged --max-lfs 3
grep '"stopped"' generated/report.json
judged --max-lfs 1
echo "--- what is used is not judged again, and the report stays"
cp generated/report.json before.json
weaksup generate lfs --judge lfs/generated || echo "exit $?"
cmp before.json generated/report.json
weaksup generate lfs --judge generated/unproven --no-classifier --quiet && grep '"stopped"' generated/report.json
rm -rf lfs generated
echo "--- too few records to be tried on"
judged --records 5
rm -rf lfs generated
echo "--- gold labels of one class only"
grep HAM data/dev.jsonl >one.jsonl
judged --dev one.jsonl
rm -rf lfs generated
echo "--- the shares of the classes as they are known"
head -n 12 data/dev.jsonl >few.jsonl
judged --dev few.jsonl
rm -rf lfs generated
judged --dev few.jsonl --class-balance 0.9,0.1
