-- expect: votes SPAM
function lf.hostile(x)
  local n = 0
  for i = math.maxinteger - 1, math.maxinteger do n = n + 1 end
  for i = math.mininteger, math.mininteger + 1 do n = n + 1 end
  for i = 1, math.huge do n = n + 1 if n > 100 then goto done end end
  ::done::
  for i = 3, 1 do n = 0 end
  if n == 101 and (("abc"):sub(math.mininteger, math.maxinteger) == "abc") and ("x"):rep(math.mininteger) == "" then return SPAM end
end
