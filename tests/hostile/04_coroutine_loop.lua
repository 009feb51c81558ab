-- expect: load_error undefined name 'coroutine'
function lf.hostile(x)
  coroutine.wrap(function() while true do end end)()
end
