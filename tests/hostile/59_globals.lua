-- expect: load_error undefined name '_G'
function lf.hostile(x)
  _G.pairs = nil
end
