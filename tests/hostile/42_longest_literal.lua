-- expect: vote_error which is no class
function lf.hostile(x) return "<<1000000*a>>" end
