-- Which household subject does a question belong to?

classes = {
  "HEATING_COOLING",
  "POOL",
  "WATER_HEATER",
  "PLUMBING",
  "ELECTRICAL",
  "APPLIANCES",
  "ROOFING",
  "GARDEN",
  "PESTS",
  "INTERNET",
}

data = "data/train.jsonl"
dev  = "data/dev.jsonl"
test = "data/test.jsonl"

text = "text"
gold = "label"
id   = "id"

task_text = "Route a question from a home owner or tenant to the one household subject that it is mainly about."

describe = {
  HEATING_COOLING = "warming, cooling and airing the rooms: furnace, boiler, radiators, heat pump, air conditioner, ducts, thermostat, stove and fireplace, humidity",
  POOL            = "swimming pools, paddling pools, hot tubs and spas: water chemistry, pumps, filters, liners, covers, safety",
  WATER_HEATER    = "making hot water for taps and showers: tanks, tankless units, pilot and elements, temperature, rust and sediment",
  PLUMBING        = "pipes, taps, toilets, drains and sewers, wells, sumps, septic tanks, water pressure and water quality",
  ELECTRICAL      = "wiring, outlets, switches, breakers and the panel, lamps, fans, alarms, generators, home solar power, car chargers",
  APPLIANCES      = "machines of the kitchen and the laundry, vacuum cleaners: faults, use, repair, buying",
  ROOFING         = "the roof and what belongs to it: shingles, tiles, flashing, gutters, skylights, the attic below, leaks from rain",
  GARDEN          = "lawns, flowers, vegetables, trees, house plants, soil, weeds, sprinklers, mowers, plant diseases and what eats the plants",
  PESTS           = "insects, rodents and other animals in or at the house, and how to keep them out",
  INTERNET        = "the home's connection and network: provider, modem, router, wireless coverage, connecting things, streaming and calls",
}
