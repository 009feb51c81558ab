-- expect: load_error undefined name 'require'
function lf.hostile(x)
  return require("os")
end
