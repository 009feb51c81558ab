-- expect: vote_error returned true
function lf.hostile(x)
  return true
end
