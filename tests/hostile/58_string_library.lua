-- expect: runtime_error read-only (field 'lower')
function lf.hostile(x)
  string.lower = function() return "evil" end
end
