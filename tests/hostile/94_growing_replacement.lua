-- expect: limit_pattern string functions took more than 1000000 steps
function lf.hostile(x)
  local s = "ab"
  while true do s = s:gsub("%w", "%0%0%0%0") end
end
