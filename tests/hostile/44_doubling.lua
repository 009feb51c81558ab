-- expect: limit_mem needs more than 16 MiB of memory
function lf.hostile(x)
  local s = "x"
  while true do s = s .. s end
end
