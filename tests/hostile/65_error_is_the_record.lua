-- expect: runtime_error raised an error that is no text but a table
function lf.hostile(x)
  error(x)
end
