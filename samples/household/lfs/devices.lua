-- LFs about things: which thing does the question name?

-- Derived fields are computed once per record and shared by all LFs.
function field.words(x) return words(x.lower) end

--- @test "My ROUTER died" -> INTERNET
--- @test "the wireless is slow" -> INTERNET
--- @test "I need a new faucet" -> ABSTAIN
lf.network = keywords(INTERNET, lines "network.txt")

local rooms_air = set { "ducts", "duct", "ductwork", "vents", "registers", "condenser", "compressor", "hvac", "humidifier", "fireplace" }

--- @test "Dust comes out of the vents" -> HEATING_COOLING
function lf.air_parts(x)
  for _, w in ipairs(x.words) do
    if rooms_air[w] then return HEATING_COOLING end
  end
end

-- Water comes in pipes, but so do other things.
--- @test "A pipe burst!" -> PLUMBING
--- @test "A vent pipe on the roof" -> ABSTAIN
function lf.pipes(x)
  if rx([[\b(pipes?|plumber|plumbing|shut-?off|p-trap|elbow)\b]], "i"):test(x.text)
     and not rx([[\b(roof|vent|flue|dryer|heater|tank)\b]], "i"):test(x.text) then
    return PLUMBING
  end
end

-- 15 amp, 240V, 5 kW
--- @test "Is 15 amp enough?" -> ELECTRICAL
--- @test "wants 240V" -> ELECTRICAL
--- @test "15 amplifiers" -> ABSTAIN
function lf.amps_volts(x)
  if rx([[\b\d+ ?(amps?|volts?|v|kwh?|watts?|gauge)\b]], "i"):test(x.text) then return ELECTRICAL end
end

-- 40 Mbps, 2.4 GHz
--- @test "only 40 mbps" -> INTERNET
function lf.bits(x)
  if rx([[\d ?([mg]bps|[mg]b|ghz)\b]], "i"):test(x.text) then return INTERNET end
end

-- A machine's make says a good deal.
local makes = {
  bosch = APPLIANCES, kitchenaid = APPLIANCES, whirlpool = APPLIANCES, samsung = APPLIANCES, lg = APPLIANCES,
  rheem = WATER_HEATER, rinnai = WATER_HEATER, navien = WATER_HEATER, smith = WATER_HEATER,
  nest = HEATING_COOLING, ecobee = HEATING_COOLING,
  moen = PLUMBING, sharkbite = PLUMBING, drano = PLUMBING,
  netflix = INTERNET, zoom = INTERNET, starlink = INTERNET, eero = INTERNET,
}

--- @test "The Rinnai shows an error" -> WATER_HEATER
--- @test "my Samsung hums" -> APPLIANCES
--- @test "no make is named" -> ABSTAIN
function lf.make(x)
  for _, w in ipairs(x.words) do
    if makes[w] then return makes[w] end
  end
end

-- Phone, laptop, TV: somebody is trying to get online.
--- @test "my laptop is slow" -> INTERNET
function lf.screens(x)
  if rx([[\b(phone|laptop|computer|tv|printer|console)\b]], "i"):test(x.text) then return INTERNET end
end
