-- expect: runtime_error raised an error that is no text but a nil
function lf.hostile(x)
  error(nil)
end
