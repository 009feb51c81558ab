-- expect: votes abstain
function lf.hostile(x)
  if rx([[^(\((?1)*\)|x)+$]]):test(("("):rep(20000)) then return SPAM end
end
