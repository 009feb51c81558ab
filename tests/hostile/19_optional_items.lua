-- expect: limit_pattern string functions took more than 1000000 steps
function lf.hostile(x)
  ("a"):rep(32):find(("a?"):rep(32) .. ("a"):rep(32))
end
