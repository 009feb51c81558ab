-- expect: vote_error returned 9.007199254741e+15
function lf.hostile(x)
  return 2^53
end
