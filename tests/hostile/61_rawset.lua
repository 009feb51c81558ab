-- expect: load_error undefined name 'rawset'
function lf.hostile(x)
  rawset(x, "text", "")
end
