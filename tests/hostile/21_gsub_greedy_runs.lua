-- expect: votes abstain
function lf.hostile(x)
  if ("x"):rep(3000):gsub((".*"):rep(4) .. "y", "z"):find("z") then return SPAM end
end
