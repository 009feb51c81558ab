-- expect: limit_cpu
function lf.hostile(x)
  local s = ("a"):rep(2e6)
  for i = 1, 1e6 do utf8.len(s) end
end
