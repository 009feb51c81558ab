-- expect: limit_pattern string functions took more than 1000000 steps
function lf.hostile(x)
  local digits = ("9"):rep(4e6)
  while true do tonumber(digits) end
end
