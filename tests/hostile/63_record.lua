-- expect: runtime_error a record is read-only (field 'text')
function lf.hostile(x)
  x.text = "subscribe"
end
