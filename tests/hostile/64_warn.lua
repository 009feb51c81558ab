-- expect: load_error undefined name 'warn'
function lf.hostile(x)
  warn("@on")
end
