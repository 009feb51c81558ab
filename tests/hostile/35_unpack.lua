-- expect: limit_pattern string functions took more than 1000000 steps
function lf.hostile(x)
  while true do select("#", table.unpack({}, 1, 200000)) end
end
