-- expect: load_error h.lua:1: 'SPAM' cannot be assigned: it is a class
SPAM = 0
function lf.hostile(x) return SPAM end
