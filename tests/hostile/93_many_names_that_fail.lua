-- expect: vote_error returned a table
local function fail() return {} end
for i = 1, 500 do lf["hostile" .. i] = fail end
function lf.hostile(x) return {} end
