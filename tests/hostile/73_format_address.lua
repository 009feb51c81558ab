-- expect: runtime_error invalid conversion '%p' to 'format'
function lf.hostile(x)
  return tonumber(string.format("%p", x):sub(-1), 16) % 2
end
