-- News items (a part of AG's corpus).
classes = { "World", "Sports", "Business", "Sci/Tech" }
task_text = "News items of 2004, a headline and a sentence or two: which section do they belong to?"
describe = {
  World = "politics, wars, elections, diplomacy, disasters and crime in countries of the world",
  Sports = "games, players, teams, leagues, results, doping, the Olympics",
  Business = "companies, markets, shares, prices, oil, jobs, trade, the economy",
  ["Sci/Tech"] = "science, space, medicine, computers, software, the internet, phones, video games",
}
