-- Questions and what kind of answer they want (WRENCH's trec).
classes = { "DESC", "ENTY", "HUM", "ABBR", "LOC", "NUM" }
task_text = "Questions in English, lower case, tokens between blanks: what kind of answer does the question ask for?"
describe = {
  DESC = "a description: a definition, a reason, a manner, an explanation, what something means",
  ENTY = "an entity: a thing, an animal, a colour, a food, a work, a product, a sport, a word, an event, a disease",
  HUM = "a person, a group, an organisation, a title of a person",
  ABBR = "an abbreviation, or what one stands for",
  LOC = "a place: a city, a country, a state, a mountain, an address",
  NUM = "a number: a count, a date, a price, a distance, a size, a speed, an age, a period",
}
