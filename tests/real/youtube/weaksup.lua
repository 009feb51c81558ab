-- Is a comment below a video spam? The published task; its data is given on the command line.
classes = { "HAM", "SPAM" }
id = "id"
