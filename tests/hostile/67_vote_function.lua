-- expect: vote_error returned a function
function lf.hostile(x)
  return lf.hostile
end
