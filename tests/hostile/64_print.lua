-- expect: load_error undefined name 'print'
function lf.hostile(x)
  while true do print(("x"):rep(1e6)) end
end
