-- expect: load_error undefined name 'xpcall'
function lf.hostile(x)
  xpcall(error, function() while true do end end)
end
