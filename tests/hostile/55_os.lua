-- expect: load_error undefined name 'os'
function lf.hostile(x)
  return os.exit(0)
end
