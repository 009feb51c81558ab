-- expect: load_error undefined name 'debug'
function lf.hostile(x)
  return debug.getregistry()
end
