-- expect: votes SPAM
local kept = {}
for i = 1, 14 do kept[i] = ("x"):rep(1000000 + i) end
function lf.hostile(x) if #kept == 14 then return SPAM end end
