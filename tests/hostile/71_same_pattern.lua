-- expect: votes SPAM
function lf.hostile(x)
  local text = "q" .. #x.text
  local first = rx(text)
  for i = 1, 1500 do rx("z" .. x.more[1] .. "_" .. i) end
  return first == rx(text) and SPAM or HAM
end
