-- expect: vote_error returned two values
function lf.hostile(x)
  local function f() return pcall(f) end
  return f()
end
