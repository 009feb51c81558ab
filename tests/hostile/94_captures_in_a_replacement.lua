-- expect: limit_mem needs more than 16 MiB
function lf.hostile(x)
  return (("a"):rep(1e5):gsub("(.*)", ("%1"):rep(1e5)))
end
