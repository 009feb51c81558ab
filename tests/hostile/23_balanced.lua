-- expect: limit_pattern string functions took more than 1000000 steps
function lf.hostile(x)
  ("("):rep(2e5):find("%b()")
end
