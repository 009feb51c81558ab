-- expect: load_error h.lua:2: assigns a variable from outside of the function ('n')
local n = 0
function lf.hostile(x) n = n + 1 if n % 2 == 0 then return SPAM end end
