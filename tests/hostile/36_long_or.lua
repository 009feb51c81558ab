-- expect: votes SPAM
function lf.hostile(x)
  return <<20000*nil or >> SPAM
end
