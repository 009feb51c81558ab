-- expect: load_error h.lua:1: undefined name 'setmetatable'
kept = setmetatable({}, { __gc = function() while true do end end })
function lf.hostile(x) return SPAM end
