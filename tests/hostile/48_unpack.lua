-- expect: votes abstain
function lf.hostile(x)
  return table.unpack({}, 1, 900000)
end
