-- expect: vote_error returned a boolean
function lf.hostile(x)
  return true
end
