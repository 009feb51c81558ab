-- expect: limit_cpu
function lf.hostile(x)
  table.sort({ 3, 2, 1 }, function() while true do end end)
end
