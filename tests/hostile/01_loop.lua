-- expect: limit_cpu
function lf.hostile(x)
  while true do end
end
