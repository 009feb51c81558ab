-- expect: vote_error returned a function
function lf.hostile(x)
  return function() return SPAM end
end
