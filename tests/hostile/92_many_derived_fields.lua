-- expect: load_error h.lua:1: more than 255 derived fields in a file
for i = 1, 1e5 do field["f" .. i] = function() return i end end
function lf.hostile(x) end
