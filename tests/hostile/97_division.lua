-- expect: runtime_error attempt to
function lf.hostile(x)
  return 1 // 0
end
