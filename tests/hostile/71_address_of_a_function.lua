-- expect: same
function lf.hostile(x)
  return #string.format("%s%s", pairs, rx("a")) % 2
end
