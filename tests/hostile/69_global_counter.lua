-- expect: load_error assigns a global ('n')
n = 0
function lf.hostile(x) n = n + 1 if n % 2 == 0 then return SPAM end end
