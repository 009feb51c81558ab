-- expect: votes SPAM
function lf.hostile(x)
  local t = {}
  for i = 1, 100 do t[i] = i end
  table.sort(t, function(a, b) for i = 1, #t do t[i] = nil end return a > b end)
  return SPAM
end
