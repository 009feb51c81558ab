-- expect: limit_pattern the pattern needs more than 1000000 steps
function lf.hostile(x)
  if rx([[(a+)+$]]):test(("a"):rep(28) .. "!") then return SPAM end
end
