-- expect: limit_pattern string functions took more than 1000000 steps
function lf.hostile(x)
  local list = {}
  for i = 1, 2000 do list[i] = "key" .. i end
  for i = 1, 1e5 do has(x.text, list) end
end
