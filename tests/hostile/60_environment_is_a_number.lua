-- expect: runtime_error attempt to index a number value
function lf.hostile(x)
  local _ENV <const> = 1
  return y
end
