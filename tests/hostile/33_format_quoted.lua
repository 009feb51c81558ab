-- expect: limit_pattern string functions took more than 1000000 steps
function lf.hostile(x)
  local s = ("\0"):rep(2e6)
  while true do string.format("%q", s) end
end
