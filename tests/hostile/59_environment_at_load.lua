-- expect: load_error h.lua:2: assigns a global ('n')
_ENV = { lf = lf, SPAM = SPAM }
function lf.hostile(x) n = (n or 0) + 1 return SPAM end
