-- expect: load_error undefined name 'coroutine'
function lf.hostile(x)
  for i = 1, 1e9 do coroutine.wrap(function() return i end)() end
end
