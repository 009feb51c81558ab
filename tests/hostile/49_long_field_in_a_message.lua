-- expect: runtime_error attempt to perform arithmetic on a nil value
function lf.hostile(x)
  return x[("k"):rep(1e6)] + 1
end
