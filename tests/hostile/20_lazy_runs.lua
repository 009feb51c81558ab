-- expect: votes abstain
function lf.hostile(x)
  if ("a"):rep(400):find((".-"):rep(8) .. "b") then return SPAM end
end
