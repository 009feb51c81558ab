-- expect: vote_error returned 4294967296
function lf.hostile(x)
  return 1 << 32
end
