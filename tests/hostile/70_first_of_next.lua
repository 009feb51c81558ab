-- expect: same
function lf.hostile(x)
  local t = {}
  for c in x.text:gmatch(".") do t[c .. #x.text] = #t + c:byte() end
  local _, v = next(t)
  if v then return v % 2 end
end
