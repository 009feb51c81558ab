-- expect: runtime_error attempt to call a nil value (field 'pack')
function lf.hostile(x)
  string.pack("c2000000000", "")
end
