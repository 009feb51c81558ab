-- expect: load_error h.lua:1: C stack overflow
function lf.hostile(x) <<300*return function() >> <<300*end >> end
