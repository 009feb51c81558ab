-- expect: votes abstain
local keys = {}
for i = 1, 2e4 do keys[i] = string.rep(" ", i % 32) .. string.rep("a", 32) .. i end
function lf.hostile(x)
  local t = {}
  for i = 1, 2000 do t[keys[i]] = i t[i << 32] = i t[i * 2^60] = i end
  if #x.text > 1e6 then return SPAM end
end
