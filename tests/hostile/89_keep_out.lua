-- expect: votes SPAM
function lf.hostile(x)
  local s, p = x.text .. "ab", rx([[a\K(?:b|$)]])
  local from, to = p:find(s)
  if from and to and p:match(s) and count("abab", rx([[a?\K]])) >= 3 then return SPAM end
end
