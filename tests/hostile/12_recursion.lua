-- expect: limit_mem
function lf.hostile(x)
  local function f() return f() + 1 end
  return f()
end
