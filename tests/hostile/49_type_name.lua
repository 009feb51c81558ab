-- expect: load_error undefined name 'setmetatable'
function lf.hostile(x)
  return setmetatable({}, { __name = ("k"):rep(1e6) }) + 1
end
