-- expect: vote_error which is no class
function lf.hostile(x)
  return ("SPAM"):rep(1e6)
end
