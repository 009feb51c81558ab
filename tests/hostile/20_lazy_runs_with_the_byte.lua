-- expect: limit_pattern string functions took more than 1000000 steps
function lf.hostile(x)
  ("b" .. ("a"):rep(400)):find((".-"):rep(8) .. "bc*[^a]")
end
