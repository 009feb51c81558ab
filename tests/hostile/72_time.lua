-- expect: load_error undefined name 'os'
function lf.hostile(x)
  return os.time() % 2
end
