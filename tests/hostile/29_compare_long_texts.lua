-- expect: limit_cpu
function lf.hostile(x)
  local a, b = ("a"):rep(3e6) .. "1", ("a"):rep(3e6) .. "2"
  while true do local less = a < b end
end
