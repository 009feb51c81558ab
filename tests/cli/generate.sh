# A language model writes labeling functions: the model is a script that says what was planted,
# good ones and bad ones of every kind, in two rounds.
. "$(realpath "$SAMPLES/../tests")/support/planted_task.sh"
planted_task task 600 300 2
cat >model.sh <<'END'
#!/bin/sh
echo asked >>"$(dirname "$0")/asked"
cat >"$(dirname "$0")/prompt.$WEAKSUP_CHAT_SEED"
cat "$(dirname "$0")/reply.$WEAKSUP_CHAT_SEED"
END
chmod +x model.sh
cat >reply.0 <<'END'
<think>They sell. I could write ```lua function lf.thought(x) end``` here.</think>
Good ones first:
```lua
-- name: wins
-- label: SPAM
-- rationale: who promises a win sells something
function lf.wins(x)
  if has(x.text, { "win" }) then return SPAM end
end

function lf.clicks(x)
  if x.lower:find("click", 1, true) then return SPAM end
end
```
```json
{"lfs": [{"name": "family", "kind": "keywords", "label": "HAM", "keywords": ["mother", "dinner"], "rationale": "home"},
         {"name": "cash", "kind": "rule", "label": "SPAM", "pattern": "\\bcash\\b", "flags": "i", "rationale": "money"}]}
```
Now the bad ones.
```lua
function lf.always(x) return HAM end
```
```lua
function lf.majority(x) if #x.text > 12 then return SPAM end end
```
```lua
function lf.wins_again(x)
  -- the same in other words
  if has(x.text, { "win" }) then return SPAM end
end
```
```lua
function lf.winner(x)
  local p = rx([[\bwin\b]])
  if p:test(x.text) then return SPAM end
end
```
```lua
function lf.coin(x) if has(x.text, { "maybe" }) then return SPAM end end
```
```lua
function lf.wrong(x) if has(x.text, { "song" }) then return SPAM end end
```
```lua
function lf.slow(x) local n = 0 while #x.text > 5 do n = n + 1 end return HAM end
```
```lua
function lf.steals(x) local f = io.open("/etc/passwd") return f and SPAM or HAM end
```
```lua
function lf.crashes(x) if #x.text > 30 then return x.title.size and SPAM end end
```
```lua
function lf.gold(x) return x.label and class[x.label] end
```
```lua
function lf.by_heart(x) if x.id == "17" then return SPAM end return nil end
```
```lua
function lf.memory(x) local t = ("x"):rep(1e9) return #t > 5 and SPAM end
```
```lua
function lf.other_class(x) return "EGGS" end
```
```lua
local seen = 0
function lf.counts(x) seen = seen + 1 if seen % 2 == 0 then return SPAM end end
```
```lua
function lf.broken(x) return SPAM
```
```rules
never     SPAM  /zebra/
rare      SPAM  /no 17$/
unclosed  SPAM  /(win/
```
```python
def lf(x): return 1
```
END
cat >reply.1 <<'END'
```rules
visits  SPAM  /\bvisit\b/
wins    SPAM  /\bwin\b/
songs   HAM   /song/
```
END
echo "nothing" >reply.2
generate() { (cd "$1" && shift && weaksup generate lfs --model stub --rounds 3 "$@"); }

echo "--- recorded"
generate task --cmd ../model.sh --record ../kept
(cd task && find lfs generated -type f | sort)
cat task/lfs/generated/winner.lua task/lfs/generated/cash.rules | sed 's/=[0-9a-f]\{32\}/=HASH/g'
echo "--- what the second prompt says of the first reply"
sed -n '/^# LFs that are/,/^# What to write/p' prompt.1 | sed 's/record-[0-9a-f]*/MARK/g' | cut -c 1-150
echo "--- of dev a prompt shows 16 records, others each time"
grep -o '"text": "[^"]*"' task/data/dev.jsonl | cut -d '"' -f 4 | while read -r line; do
  grep -qF ">$line<" prompt.0 prompt.1 prompt.2 && echo shown || echo hidden
done | sort | uniq -c | sed 's/^ *//'
echo "--- replayed twice, to the byte, by nobody"
rm asked
for copy in once twice; do
  mkdir $copy && cp -r task/weaksup.lua task/data $copy/
  jobs=1
  [ $copy = once ] || jobs=3
  generate $copy --replay ../kept --jobs $jobs --json --quiet >$copy.json || echo "exit $?"
  for part in lfs generated; do diff -r task/$part $copy/$part; done
done
cmp once.json twice.json
cmp once.json once/generated/report.json
ls asked 2>&1
echo "--- LFs that are there now are why nothing is found; another number"
generate once --replay ../kept --quiet 2>&1 | sed 's/[0-9a-f]\{32\}/KEY/'
mkdir other && cp -r task/weaksup.lua task/data other/
generate other --replay ../kept --quiet --n 11 2>&1 | sed 's/[0-9a-f]\{32\}/KEY/' | cut -c 1-120
echo "--- fit takes them, their tests pass, nobody edited them"
cd task
weaksup fit lfs --quiet --out run && weaksup analyze run | tail -n 8 | cut -c 1-50
weaksup test lfs
weaksup verify lfs
echo "--- a file that was edited is left alone, and its name is taken"
sed -i 's/win\\b/wins\\b/' lfs/generated/winner.lua
cp lfs/generated/winner.lua ../edited.lua
rm lfs/generated/c*
echo '-- mine' >>generated/unproven/coin.lua
generate . --cmd ../model.sh --record ../kept --quiet --json | grep -A 7 '"name": "\(winner\|cash\|clicks\)"' | grep 'name"\|reason'
cmp lfs/generated/winner.lua ../edited.lua
ls lfs/generated
ls generated/unproven
tail -n 1 generated/unproven/coin.lua
