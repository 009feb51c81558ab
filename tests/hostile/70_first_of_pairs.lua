-- expect: same
local all = {}
for i = 1, 200 do all["key" .. i * 7919 % 1000] = i end
function lf.hostile(x)
  local mine = { [x.text] = 1, a = 2, b = 3, [#x.text + 0.5] = 4, [true] = 5 }
  for i = 1, 50 do mine["k" .. i * 31 % 64] = i end
  for _, v in pairs(all) do
    for _, w in pairs(mine) do return (v + w + #x.text) % 2 end
  end
end
