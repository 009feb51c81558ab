-- expect: load_error undefined name 'collectgarbage'
function lf.hostile(x)
  collectgarbage("stop")
end
