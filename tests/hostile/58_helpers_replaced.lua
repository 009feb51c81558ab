-- expect: votes SPAM
local function evil() return "evil" end
string, words, lower, rx = { lower = evil }, evil, evil, evil
function lf.hostile(x) if words(x.text) == "evil" and string.lower() == "evil" then return SPAM end end
