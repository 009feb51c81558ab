-- expect: limit_mem
function lf.hostile(x)
  local kept = {}
  for i = 1, 1100 do kept[i] = (i .. "-"):rep(2000) end
  local ok = pcall(table.unpack, kept, 1, 600000)
  return ok and HAM or SPAM
end
