-- expect: load_error h.lua:1: this table is read-only (field 'lower')
string.lower = function() return "evil" end
function lf.hostile(x) end
