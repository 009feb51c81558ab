-- expect: limit_pattern string functions took more than 1000000 steps
function lf.hostile(x)
  local s = ("a. "):rep(1e5)
  while true do lower(s) count(s, "b") end
end
