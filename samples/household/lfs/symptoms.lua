-- LFs about what happens: sounds, smells, things that stop.

-- The words of the record as a set, to ask "is this word there?".
function field.bag(x)
  return set(words(x.lower))
end

local function any(bag, list)
  for _, w in ipairs(list) do
    if bag[w] then return true end
  end
  return false
end

--- @test "There's no signal upstairs" -> INTERNET
--- @test "everything is offline" -> INTERNET
function lf.connection(x)
  if any(x.bag, { "offline", "online", "signal", "password", "buffering", "buffers", "upload", "download", "lag", "ping", "provider" }) then
    return INTERNET
  end
end

-- "slow" is the network, unless water is about
--- @test "It's so slow in the evening" -> INTERNET
--- @test "The sink is slow" -> ABSTAIN
function lf.slow(x)
  if any(x.bag, { "slow", "slowly", "speed", "connect", "connection" })
     and not any(x.bag, { "water", "sink", "tub", "shower", "toilet", "drain", "drains" }) then
    return INTERNET
  end
end

--- @test "half of the house has no power" -> ELECTRICAL
--- @test "the lights flicker" -> ELECTRICAL
function lf.power(x)
  if rx([[\b(no|lost|lose) power\b|\bflicker|\bshocks?\b|\bspark(s|ed)?\b|\btripp?(s|ed|ing)?\b]], "i"):test(x.text) then
    return ELECTRICAL
  end
end

--- @test "it chirps at night" -> ELECTRICAL
function lf.alarm(x)
  if rx([[\b(smoke|chirp\w*|detectors?|alarms?|doorbell)\b]], "i"):test(x.text) then return ELECTRICAL end
end

-- Gas and temperature: the house is too cold, or too hot.
--- @test "it's 95°F in here" -> HEATING_COOLING
--- @test "the bedroom is freezing" -> HEATING_COOLING
function lf.room_temperature(x)
  local degrees = rx([[\d ?°|\bdegrees\b]]):test(x.text)
  local room = any(x.bag, { "room", "rooms", "bedroom", "bedrooms", "house", "upstairs", "downstairs", "floor", "here" })
  local cold = any(x.bag, { "cold", "warm", "hot", "freezing", "boiling", "stuffy", "warmer" })
  if room and (degrees or cold) and not x.bag.water then return HEATING_COOLING end
end

--- @test "We have low water pressure" -> PLUMBING
--- @test "There's a gurgle in the wall" -> PLUMBING
function lf.water_trouble(x)
  if rx([[\b(low|no|water) pressure\b|\bgurgl|\bflush|\bwater (bill|main|line)]], "i"):test(x.text) then return PLUMBING end
end

--- @test "Something is scratching in the wall" -> PESTS
--- @test "tiny bugs in the bath" -> PESTS
function lf.creatures(x)
  if rx([[\bbugs?\b|\binsects?\b|\bcritters?\b|\bscratching\b|\bexterminator\b|\bcrawl(s|ing)?\b(?! space)|\btiny\b]], "i"):test(x.text) then
    return PESTS
  end
end

--- @test "yellow spots after watering" -> GARDEN
function lf.growing(x)
  if any(x.bag, { "grow", "grows", "growing", "watering", "yellow", "frost", "roots", "sun", "shade", "deer" }) then
    return GARDEN
  end
end

--- @test "the cycle never ends" -> APPLIANCES
function lf.cycle(x)
  if any(x.bag, { "cycle", "load", "loads", "rinse", "cubes", "preheat", "descale", "suction" }) then return APPLIANCES end
end

--- @test "green water, pH 8" -> POOL
function lf.chemistry(x)
  if rx([[\bph\b|\bppm\b|\bsalt\b|\bacid\b|\bgreen water\b|\bcloudy\b|\bfoam]], "i"):test(x.text) then return POOL end
end
