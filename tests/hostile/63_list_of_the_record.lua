-- expect: runtime_error this table is read-only
function lf.hostile(x)
  local tags = x.tags or { 1 }
  if not x.tags then tags = x.more end
  tags[1] = "subscribe"
end
