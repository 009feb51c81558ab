-- expect: limit_pattern string functions took more than 1000000 steps
function lf.hostile(x)
  if ((" "):rep(6e4) .. "x"):match("^(.-)%s*$") then return SPAM end
end
