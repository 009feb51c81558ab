-- expect: load_error h.lua:2: 
function lf.hostile(x)
  return <<20000*x.a or >> y.<<300*a.>>b..<<300*c..>>d
end
