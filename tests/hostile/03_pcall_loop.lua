-- expect: limit_cpu
function lf.hostile(x)
  while true do
    pcall(function() while true do end end)
  end
end
