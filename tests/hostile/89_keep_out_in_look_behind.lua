-- expect: load_error rx: \K is not allowed in lookarounds
function lf.hostile(x)
  return rx([[(?<=a\K)b]]):find(x.text)
end
