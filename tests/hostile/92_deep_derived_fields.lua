-- expect: runtime_error C stack overflow
for i = 1, 254 do field["f" .. i] = function(x) return x["f" .. i + 1] end end
field.f255 = function() return 1 end
function lf.hostile(x) return x.f1 end
