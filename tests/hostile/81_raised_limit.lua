-- expect: limit_pattern the pattern needs more than 1000000 steps
function lf.hostile(x)
  if rx([[(*LIMIT_MATCH=4000000000)(*LIMIT_DEPTH=4000000000)(*LIMIT_HEAP=4000000000)(a+)+$]]):test(("a"):rep(28) .. "!") then return SPAM end
end
