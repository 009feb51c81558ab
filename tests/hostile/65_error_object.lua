-- expect: load_error undefined name 'setmetatable'
function lf.hostile(x)
  error(setmetatable({}, { __tostring = function() while true do end end }))
end
