-- expect: load_error h.lua: larger than
<<2000000*-- comment
>>
function lf.hostile(x) end
