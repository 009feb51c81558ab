-- expect: vote_error returned two classes
function lf.hostile(x)
  return SPAM, HAM
end
