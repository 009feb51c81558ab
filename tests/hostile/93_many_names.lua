-- expect: load_error h.lua:1: more than 10000 labeling functions
for i = 1, 20000 do lf["hostile" .. i] = function() end end
function lf.hostile(x) return SPAM end
