-- expect: load_error undefined name 'io'
function lf.hostile(x)
  return io.open("/etc/passwd")
end
