-- expect: same
local function make(a, b, c, d, e)
  return { [a] = 1, [b] = 1, [c] = 1, [d] = 1, [e] = 1, [1] = 1, [2] = 1, [4] = 1,
           [8] = 1, [7] = 1, [9] = 1, [13] = 1, [16] = 1, [17] = 1 }
end
local lists = {}
for i = 1, 40 do lists[i] = make("a" .. i, "b" .. i, "c" .. i, "d" .. i, "e" .. i) end
frozen = lists
function lf.hostile(x)
  local s = 0
  for i = 1, 40 do s = (s * 31 + #frozen[i]) % 1009 end
  return (s + #x.text) % 2
end
