-- expect: votes SPAM
function lf.hostile(x)
  local t = {}
  for i = 1, 500 do t[i] = i * 7919 % 501 end
  local n = 0
  table.sort(t, function(a, b) n = n + 1 return n % 3 ~= 0 end)
  table.sort(t, function() return true end)
  table.sort(t, function() end)
  if #t == 500 then return SPAM end
end
