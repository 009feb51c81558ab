-- expect: limit_mem needs more than 16 MiB of memory
function lf.hostile(x)
  while true do pcall(string.rep, "x", 1e8) end
end
