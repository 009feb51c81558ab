-- expect: runtime_error ?[2J?]0;title???31m?????
function lf.hostile(x)
  error("\27[2J\27]0;title\7\u{9b}31m\u{202e}\r\n")
end
