-- expect: load_error h.lua:1: too many local variables
function lf.hostile(x) <<250*local a >> end
