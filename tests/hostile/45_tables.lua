-- expect: limit_mem needs more than 16 MiB of memory
function lf.hostile(x)
  local t = {}
  while true do t[#t + 1] = {} end
end
