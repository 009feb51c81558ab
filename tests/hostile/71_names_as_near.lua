-- expect: votes SPAM
na1, nb1, nc1, nd1, ne1, nf1 = 1, 2, 3, 4, 5, 6
pa2, pb2, pc2, pd2, pe2, pf2 = 1, 2, 3, 4, 5, 6
local function meant(f)
  local _, message = pcall(f)
  return message:match("mean '(.*)'")
end
function lf.hostile(x)
  local a, b = meant(function() return nx1 end), meant(function() return px2 end)
  return a == "na1" and b == "pa2" and SPAM or HAM
end
