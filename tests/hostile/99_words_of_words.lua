-- expect: votes SPAM
function lf.hostile(x)
  for i = 1, 100 do words(x.text) sentences(x.text) lower(x.text) end
  return SPAM
end
