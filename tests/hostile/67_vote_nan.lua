-- expect: vote_error expected a class, its name or its index
function lf.hostile(x)
  return 0 / 0
end
