-- expect: votes abstain
function lf.hostile(x)
  if ("a"):rep(2e6):find(("a"):rep(1e6) .. "b", 1, true) then return SPAM end
end
