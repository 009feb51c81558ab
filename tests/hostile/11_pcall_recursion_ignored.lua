-- expect: runtime_error stack overflow
function lf.hostile(x)
  local function f() return pcall(f) end
  f()
end
