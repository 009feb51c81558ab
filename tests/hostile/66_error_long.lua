-- expect: runtime_error xxxxxxxxxxxx
function lf.hostile(x)
  error(("x"):rep(4e6))
end
