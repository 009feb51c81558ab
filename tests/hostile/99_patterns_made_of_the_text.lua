-- expect: votes SPAM
function lf.hostile(x)
  for i = 1, 200 do rx(("a"):rep(i % 30) .. #x.text .. i):test(x.text) end
  return SPAM
end
