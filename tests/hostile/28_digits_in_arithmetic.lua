-- expect: limit_cpu
function lf.hostile(x)
  local digits = ("9"):rep(4e6)
  while true do local n = digits + 1 end
end
