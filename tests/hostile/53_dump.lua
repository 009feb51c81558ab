-- expect: runtime_error attempt to call a nil value (field 'dump')
function lf.hostile(x)
  return string.dump(lf.hostile)
end
