-- Is a comment below a video, or a short message, spam?

classes = { "HAM", "SPAM" }

data = "data/train.jsonl"
dev  = "data/dev.jsonl"
test = "data/test.jsonl"

id   = "id"

task_text = "Tell advertising, begging for clicks and fraud from what people say to each other."

describe = {
  HAM  = "an ordinary comment or a message to somebody one knows",
  SPAM = "advertises something, asks for clicks or subscribers, or tries to cheat the reader",
}
