-- expect: runtime_error attempt to call a nil value (field 'random')
function lf.hostile(x)
  return math.random(0, 1)
end
