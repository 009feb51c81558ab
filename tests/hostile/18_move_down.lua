-- expect: runtime_error attempt to call a nil value (field 'move')
function lf.hostile(x)
  table.move({}, -(1 << 60), 0, 1)
end
