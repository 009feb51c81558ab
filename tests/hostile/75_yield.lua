-- expect: load_error undefined name 'coroutine'
function lf.hostile(x)
  coroutine.yield()
end
