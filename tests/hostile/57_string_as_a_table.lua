-- expect: runtime_error attempt to index a string value
function lf.hostile(x)
  local s = ""
  s.lower = function() return "evil" end
end
