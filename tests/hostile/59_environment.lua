-- expect: load_error assigns a variable from outside of the function ('_ENV')
function lf.hostile(x) _ENV = {} end
