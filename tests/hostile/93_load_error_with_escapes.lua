-- expect: load_error h.lua:1: ?[2J?]0;title???31m???
error("\27[2J\27]0;title\7\u{9b}31m\u{202e}")
function lf.hostile(x) end
