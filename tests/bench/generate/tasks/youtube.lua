-- Comments under music videos (WRENCH's youtube).
classes = { "HAM", "SPAM" }
task_text = "Comments under YouTube music videos: is the comment spam?"
describe = {
  HAM = "about the video, the music, the artist or another comment, or just chatter",
  SPAM = "advertises something: asks to visit a link, a channel, a page or a video, to "
    .. "subscribe, to vote, to give money, or promises it",
}
