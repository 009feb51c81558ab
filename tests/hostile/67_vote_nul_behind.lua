-- expect: vote_error returned 'SPAM?', which is no class
function lf.hostile(x)
  return "SPAM\0"
end
