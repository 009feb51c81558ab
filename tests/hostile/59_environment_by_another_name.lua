-- expect: runtime_error read-only (field 'n')
_ENV = { lf = lf, SPAM = SPAM }
local e = _ENV
function lf.hostile(x) e.n = 1 return SPAM end
