-- expect: load_error undefined name 'load'
function lf.hostile(x)
  return load("\27Lua")()
end
