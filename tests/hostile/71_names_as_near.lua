-- expect: load_error undefined name 'nx1', did you mean 'na1'?
na1, nb1, nc1, nd1, ne1, nf1 = 1, 2, 3, 4, 5, 6
function lf.hostile(x)
  return nx1 + na1 + nb1 + nc1 + nd1 + ne1 + nf1 > 0 and SPAM or HAM
end
