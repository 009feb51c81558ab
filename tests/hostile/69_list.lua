-- expect: runtime_error this table is read-only
local seen = {}
function lf.hostile(x) seen[#seen + 1] = x.text if #seen % 2 == 0 then return SPAM end end
