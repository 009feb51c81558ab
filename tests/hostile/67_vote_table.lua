-- expect: vote_error returned a table
function lf.hostile(x)
  return {}
end
