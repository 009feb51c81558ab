-- expect: runtime_error raised an error that is no text but a table
function lf.hostile(x)
  table.sort({ 3, 2, 1 }, function() error({}) end)
end
