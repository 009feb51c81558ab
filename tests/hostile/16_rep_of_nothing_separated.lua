-- expect: votes SPAM
function lf.hostile(x)
  if (""):rep(1 << 40, "") == "" then return SPAM end
end
