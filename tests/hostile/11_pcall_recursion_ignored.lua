-- expect: votes abstain
function lf.hostile(x)
  local function f() return pcall(f) end
  f()
end
