-- expect: runtime_error 'for' step is zero
function lf.hostile(x)
  for i = 1, 2, 0 do end
end
