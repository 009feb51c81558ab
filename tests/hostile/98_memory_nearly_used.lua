-- expect: votes SPAM
function lf.hostile(x)
  local t = {}
  for i = 1, 13 do t[i] = ("x"):rep(500000 * 2 + #x.text) end
  return SPAM
end
