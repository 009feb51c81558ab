-- expect: runtime_error too many results to unpack
function lf.hostile(x)
  return table.unpack({}, 1, 1e8)
end
