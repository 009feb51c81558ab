-- expect: votes SPAM
function lf.hostile(x)
  if count(x.text, rx("")) == utf8.len(x.text) + 1 then return SPAM end
end
