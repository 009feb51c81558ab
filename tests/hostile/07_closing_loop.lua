-- expect: load_error undefined name 'setmetatable'
function lf.hostile(x)
  local c <close> = setmetatable({}, { __close = function() while true do end end })
  while true do end
end
