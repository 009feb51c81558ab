-- expect: votes SPAM
function lf.hostile(x)
  local trimmed = ((" "):rep(60) .. x.text .. "."):match("^(.-)%s*$")
  if trimmed:find("%.$") then return SPAM end
end
