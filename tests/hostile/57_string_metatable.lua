-- expect: load_error undefined name 'getmetatable'
function lf.hostile(x)
  getmetatable("").__index.lower = function() return "evil" end
end
