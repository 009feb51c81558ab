-- expect: load_error h.lua: larger than
function lf.hostile(x) return "<<50000000*a>>" end
