-- expect: vote_error returned -2, expected a class index
function lf.hostile(x)
  return -2
end
