-- expect: votes abstain
function lf.hostile(x)
  for _ in (" "):rep(1e5):gmatch("%s+x") do return SPAM end
end
