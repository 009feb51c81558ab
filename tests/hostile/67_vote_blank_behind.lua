-- expect: vote_error returned 'SPAM ', which is no class, did you mean 'SPAM'?
function lf.hostile(x)
  return "SPAM "
end
