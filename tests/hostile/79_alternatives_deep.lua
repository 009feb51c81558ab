-- expect: limit_pattern the pattern needs more than 1000000 steps
function lf.hostile(x)
  if rx([[^(a|b)*$]]):test(("ab"):rep(100000)) then return SPAM end
end
