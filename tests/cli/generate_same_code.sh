# What is taken is the code that was judged: tests are not put where they would be a part of a
# string, and neither lines nor files beside it tell the code that it is in use.
. "$(realpath "$SAMPLES/../tests")/support/planted_task.sh"
planted_task . 600 300 2
mkdir lfs
echo win >lfs/list.txt
cat >reply <<'END'
```lua
local s = [[
]] function lf.in_string(x)
  if #s > 3 and #x.text > 200 then return HAM end
  if rx([[\b(win|cash)\b]], "i"):test(x.text) then return SPAM end
end
```
```lua
local offer = rx([[\b(click|visit)\b]], "i") -- [==[ closed ]==]
local used = pcall(lines, "../list.txt")
local _, first = pcall(function() error("x") end)
function lf.by_lines(x)
  local _, second = pcall(function() error("x") end)
  if (used or first ~= "x" or second ~= "x") and #x.text > 200 then return HAM end
  if offer:test(x.text) then return SPAM end
end
```
END
weaksup generate lfs --cmd 'cat reply' --model stub --rounds 1 --no-classifier
for name in in_string by_lines; do
  echo "--- $name"
  sed '1,/header=/d; s/@test ".*"/@test "..."/' lfs/generated/$name.lua
done
echo "--- a long text"
weaksup try lfs --text "$(printf '%0300d' 0)" | awk '{ print $1, $2 }'
