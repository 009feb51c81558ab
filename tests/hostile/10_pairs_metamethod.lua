-- expect: load_error undefined name 'setmetatable'
function lf.hostile(x)
  local t = setmetatable({}, { __pairs = function() return function() return 1, 1 end end })
  for k in pairs(t) do end
end
