-- expect: votes HAM
function lf.hostile(x)
  return math.mininteger // -1 % 2 + math.mininteger % -1
end
