-- expect: same
function lf.hostile(x)
  return tostring({}):byte(-1) % 2
end
