-- expect: votes SPAM
function lf.hostile(x)
  if (""):rep(1 << 60) == "" then return SPAM end
end
