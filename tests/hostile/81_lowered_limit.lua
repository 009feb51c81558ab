-- expect: limit_pattern the pattern needs more than
function lf.hostile(x)
  if rx([[(*LIMIT_MATCH=1)^(?:a|ab)+c]]):test("ababababdc") then return SPAM end
end
