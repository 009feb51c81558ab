-- expect: runtime_error stack overflow
local function deep(x, n)
  if n == 0 then return #x.lower end
  local out
  ("a"):gsub("a", function() out = deep(x, n - 1) end)
  return out
end
function lf.hostile(x)
  for n = 50, 250 do if not pcall(deep, x, n) then return n % 2 end end
end
