-- expect: limit_pattern string functions took more than 1000000 steps
function lf.hostile(x)
  local t = {}
  for i = 1, 1e5 do t[i] = i end
  for k in next, t do end
end
