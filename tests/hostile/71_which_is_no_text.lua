-- expect: votes SPAM
function lf.hostile(x)
  local all = { left = 1, right = "\xff", ["\xff"] = true, ["\xfe"] = true, up = {} }
  local _, message = pcall(has, x.text, all)
  return message:find("expected a list") and SPAM or HAM
end
