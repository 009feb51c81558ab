-- expect: load_error h.lua:2: an iterator cannot be kept
local next_digit = ("0101"):gmatch("%d")
function lf.hostile(x) return math.tointeger(next_digit()) end
