-- expect: runtime_error got a non-closable value
function lf.hostile(x)
  local c <close> = x
end
