-- expect: limit_cpu
function lf.hostile(x)
  rx("(?:x|a*)" .. "a*a*[bc]"):test(("a"):rep(1300))
end
