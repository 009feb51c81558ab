-- expect: votes SPAM
function field.two(x)
  local t = {}
  for i = 1, 40 do t["k" .. i] = i % 2 == 0 and rx "x" or words end
  return t
end
function field.inside(x)
  local t = {}
  for i = 1, 40 do t["k" .. i] = { i % 2 == 0 and rx "x" or words } end
  return t
end
local function found(f)
  local _, message = pcall(f)
  return message:match("found a (%a+)")
end
function lf.hostile(x)
  local a = found(function() return x.two end)
  local b = found(function() return x.inside end)
  return a == "function" and b == "function" and SPAM or HAM
end
