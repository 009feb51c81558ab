-- expect: limit_pattern the pattern needs more than 1000000 steps
function lf.hostile(x)
  if rx([[^(a|a)*$]]):test(("a"):rep(5000) .. "!") then return SPAM end
end
