-- expect: load_error undefined name 'package'
function lf.hostile(x)
  return package.loadlib("libc.so.6", "system")
end
