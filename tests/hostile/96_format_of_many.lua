-- expect: limit_pattern string functions took more than 1000000 steps
function lf.hostile(x)
  while true do string.format(("%99.99f"):rep(200), table.unpack((function() local t = {} for i = 1, 200 do t[i] = 1e308 end return t end)())) end
end
