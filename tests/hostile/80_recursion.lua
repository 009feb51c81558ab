-- expect: runtime_error the pattern cannot be matched: nested recursion at the same subject position
function lf.hostile(x)
  if rx([[(?R)]]):test(x.text) then return SPAM end
end
