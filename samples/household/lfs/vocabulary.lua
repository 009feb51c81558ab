-- One LF that weighs the whole question: a wide list of words for every class, none of which
-- proves much alone. Two of one class, and more than of any other class, are worth a vote.

local function bag_of(text)
  return set(words(text))
end

local vocabulary = {
  { label = HEATING_COOLING, words = bag_of [[
      furnace boiler heat heating heated cool cooling thermostat ac air conditioner vent vents duct ducts ductwork
      register registers radiator radiators pump filter blower compressor condenser coil room rooms warm winter
      degrees temperature humidity pilot gas smoke fireplace stove chimney wood unit central system btu fan ]] },
  { label = POOL, words = bag_of [[
      pool pools spa tub jacuzzi swim swimming chlorine ph salt acid shock algae green cloudy filter sand pump jets
      skimmer liner vinyl cover ladder deep end water test strips gallons level robot drain plaster stain kids close
      open season foam bleach tabs chemicals ]] },
  { label = WATER_HEATER, words = bag_of [[
      hot water heater tank tankless shower gas electric pilot burner element elements anode sediment rust relief valve
      gallon gallons temperature thermostat leak lukewarm cold demand flush descale dip tube breaker reset basement
      rinnai rheem hybrid ]] },
  { label = PLUMBING, words = bag_of [[
      pipe pipes tap taps faucet sink drain drains toilet bowl shower tub bathroom leak leaks leaking drip drips dripping
      valve water pressure sewer septic clogged clog plunger snake main meter flush sump well pump frozen copper flow
      plumber trap line bath ]] },
  { label = ELECTRICAL, words = bag_of [[
      outlet outlets breaker panel circuit fuse wire wires wiring switch switches light lights bulb bulbs lamp lamps
      power volt volts amp amps plug plugged socket ground gfci trips tripped dimmer led flicker shock detector alarm
      battery fan cord generator meter electrician solar ]] },
  { label = APPLIANCES, words = bag_of [[
      dishwasher fridge refrigerator freezer oven stove range burner hob microwave dryer washer washing machine laundry
      clothes dishes load cycle door drum ice vacuum noise spin rack seal gasket repair brand error hood kitchen food
      cooking soup ]] },
  { label = ROOFING, words = bag_of [[
      roof roofer shingle shingles tile tiles gutter gutters eaves flashing chimney skylight attic ridge slope rain storm
      wind leak leaks ceiling stain ice dam tear layer nails vents insulation contractor quote insurance edge flat old
      asphalt metal solar ]] },
  { label = GARDEN, words = bag_of [[
      lawn grass sod turf plant plants planting tree trees leaf leaves root roots soil seed seeds flower flowers bloom
      weed weeds mow mower prune trim cut water watering sprinkler yard garden bed beds pot pots compost fertilizer
      spring fall frost shade sun yellow spots bulbs vegetables tomato tomatoes roses ]] },
  { label = PESTS, words = bag_of [[
      ants ant mice mouse rat rats roach roaches bug bugs bed flea fleas wasp wasps bee bees spider spiders moth moths fly
      flies termite termites squirrel squirrels raccoon bats beetles insect insects nest trap traps bait bite bites eggs
      droppings spray poison crawl holes wall walls attic night tiny ]] },
  { label = INTERNET, words = bag_of [[
      internet wifi wireless router modem network cable fiber connection connect connected signal speed slow password phone
      laptop tv computer online offline streaming netflix zoom video calls drops dead zone mesh provider plan data
      ethernet port box light service isp devices upload download ]] },
}

-- How many different words of each class the text has, in the order of the list above.
function field.subject_words(x)
  local seen = set(words(x.lower))
  local counts = {}
  for i, subject in ipairs(vocabulary) do
    local n = 0
    for word in pairs(seen) do
      if subject.words[word] then n = n + 1 end
    end
    counts[i] = n
  end
  return counts
end

--- @test "The router drops the connection" -> INTERNET
--- @test "The leaves of my plants have yellow spots" -> GARDEN
--- @test "Hello there" -> ABSTAIN
function lf.subject(x)
  local best, most, tied = nil, 1, false
  for i, n in ipairs(x.subject_words) do
    if n > most then
      best, most, tied = i, n, false
    elseif n == most then
      tied = true
    end
  end
  if best and not tied then return vocabulary[best].label end
end
