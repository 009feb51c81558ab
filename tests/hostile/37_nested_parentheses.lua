-- expect: load_error h.lua:1: C stack overflow
function lf.hostile(x) return <<3000*(>>SPAM<<3000*)>> end
