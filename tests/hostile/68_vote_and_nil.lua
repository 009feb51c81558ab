-- expect: votes SPAM
function lf.hostile(x)
  return SPAM, nil
end
