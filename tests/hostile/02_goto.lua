-- expect: limit_cpu
function lf.hostile(x)
  ::again::
  goto again
end
