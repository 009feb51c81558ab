-- expect: limit_pattern string functions took more than 1000000 steps
function lf.hostile(x)
  ("y" .. ("x"):rep(3000)):gsub((".*"):rep(4) .. "y[^x]", "z")
end
