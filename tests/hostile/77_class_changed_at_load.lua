-- expect: load_error h.lua:1: the classes cannot be changed
class.SPAM = 0
function lf.hostile(x) return SPAM end
