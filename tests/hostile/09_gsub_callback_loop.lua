-- expect: limit_cpu
function lf.hostile(x)
  while true do
    pcall(string.gsub, "abc", "%w", function() while true do end end)
  end
end
