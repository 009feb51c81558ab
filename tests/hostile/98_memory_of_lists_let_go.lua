-- expect: votes abstain
local list = {}
for i = 1, 5000 do list[i] = "k" .. i * 7919 end
for i = 1, 20 do keywords(SPAM, list) end
function lf.hostile(x) if has(x.text, list) then return SPAM end end
