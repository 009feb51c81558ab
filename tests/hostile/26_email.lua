-- expect: limit_pattern string functions took more than 1000000 steps
function lf.hostile(x)
  if ("a."):rep(2e4):find("[%w%.]+@[%w%.]+%.%w+") then return HAM end
  for i = 1, 1000 do ("a.@"):rep(2e3):find("[%w%.]+@[%w%.]+!") end
end
