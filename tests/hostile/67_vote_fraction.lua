-- expect: vote_error returned 1.5, expected a class
function lf.hostile(x)
  return 1.5
end
