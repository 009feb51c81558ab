-- expect: limit_mem needs more than 16 MiB of memory
function lf.hostile(x)
  return ("x"):rep(1e9)
end
