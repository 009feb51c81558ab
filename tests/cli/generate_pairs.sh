# What depends on one another is listed, what is independent is not; what costs much on many
# records is refused, by steps that are the same on every machine. What the clock says is in no file.
. "$(realpath "$SAMPLES/../tests")/support/planted_task.sh"
planted_task task 1500 600 2
cd task
mkdir lfs
printf '%s\n' 'wins SPAM /\bwin\b/' >lfs/there.rules
cat >reply <<'END'
```rules
win_or_cash SPAM /\b(win|cash)\b/
visits SPAM /\bvisit\b/
dinners HAM /\bdinner\b/
```
```lua
function lf.mothers(x) if x.text:find("mother", 1, true) then return HAM end end
```
```lua
function lf.songs(x)
  local sum = 0
  if #x.text > 50 then for i = 1, 600000 do sum = sum + i end end
  if has(x.text, { "song" }) then return HAM end
end
```
END
weaksup generate lfs --cmd 'cat reply' --model stub --record ../kept --rounds 1 --no-classifier -v 2>&1 | grep -o 'take at most' | sort -u
sed -n '/"dependent"/,/^ \]/p' generated/report.json
grep -c p99 generated/report.json
echo "--- again, from what was recorded"
cp -r . ../again
rm -r ../again/generated ../again/lfs/generated
cd ../again
weaksup generate lfs --replay ../kept --model stub --rounds 1 --no-classifier -v --jobs 3 2>err
grep -v ' s$' err
cmp generated/report.json ../task/generated/report.json
grep -B 3 -A 14 '"slow"' generated/report.json | grep 'evidence\|stage\|slow_calls'
echo "--- by the clock"
rm -r generated lfs/generated
weaksup generate lfs --cmd 'cat reply' --model stub --rounds 1 --no-classifier --quiet --json | grep -c '"p99_ms": [0-9]'
