-- expect: limit_pattern string functions took more than 1000000 steps
function lf.hostile(x)
  local t = {}
  for i = 1, 1e5 do t[i] = i end
  while true do table.insert(t, 1, 1) end
end
