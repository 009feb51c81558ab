-- expect: limit_pattern string functions took more than 1000000 steps
function lf.hostile(x)
  local t = {}
  for i = 1, 2e4 do t[i] = "" end
  ngrams(t, 1e4)
end
