-- expect: load_error h.lua:1: 
function lf.hostile(x) return "a" <<300*.. "a" >> end
