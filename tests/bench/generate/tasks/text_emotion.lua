-- Short messages in the first person (Saravia and others, 2018).
classes = { "sadness", "joy", "love", "anger", "fear", "surprise" }
task_text = "Short messages in English, lower case and without punctuation, mostly of the form 'i feel ...': which emotion does the writer feel?"
describe = {
  sadness = "sad, miserable, lonely, hurt, guilty, ashamed, tired, hopeless",
  joy = "happy, glad, content, proud, confident, hopeful, relaxed, excited",
  love = "loving, caring, fond, tender, longing, passionate, sympathetic, generous",
  anger = "angry, annoyed, jealous, hateful, bitter, rude, impatient",
  fear = "afraid, nervous, anxious, shaky, insecure, threatened, doubtful",
  surprise = "surprised, amazed, shocked, dazed, curious, impressed",
}
