-- expect: limit_cpu
function lf.hostile(x)
  local s = ("a"):rep(2e6)
  while true do s:upper() end
end
