-- expect: limit_pattern string functions took more than 1000000 steps
function lf.hostile(x)
  local t = {}
  for i = 1, 2e4 do t["k" .. i] = i end
  while true do for k in pairs(t) do break end end
end
