-- expect: load_error undefined name 'setmetatable'
function lf.hostile(x)
  while true do setmetatable({}, { __gc = function() while true do end end }) end
end
