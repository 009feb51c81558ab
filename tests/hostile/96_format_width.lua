-- expect: runtime_error invalid conversion
function lf.hostile(x)
  return string.format("%999999999d", 1)
end
