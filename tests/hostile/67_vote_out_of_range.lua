-- expect: vote_error returned 2, expected a class index from 0 to 1
function lf.hostile(x)
  return 2
end
