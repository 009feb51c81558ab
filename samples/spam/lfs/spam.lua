function field.words(x) return words(x.lower) end

--- @test "look at my channel" -> SPAM
--- @test "my dog sings along" -> ABSTAIN
function lf.my_page(x)
  if rx([[\b(my|our|me) (\w+ )?(channel|page|profile|blog|video|website|insta|playlist)\b]], "i"):test(x.text) then
    return SPAM
  end
end

--- @test "click here" -> SPAM
--- @test "Message me" -> SPAM
function lf.call_to_act(x)
  if rx([[\bcheck(ed)?\s+out\b|\bclick\b|\b(message|contact|dm|call|reply|whatsapp|telegram)\b|\bshop now\b]], "i"):test(x.text) then
    return SPAM
  end
end

--- @test "CLAIM IT NOW!!!" -> SPAM
--- @test "OK, see you" -> ABSTAIN
function lf.shouting(x)
  local capitals = 0
  for word in x.text:gmatch("%u%u%u+") do
    capitals = capitals + #word
  end
  if capitals >= 8 or x.text:find("!!!", 1, true) then return SPAM end
end

-- Spam needs room to sell something.
--- @test "so good" -> HAM
--- @test "100% legit" -> ABSTAIN
--- @test "this is a comment of more than eight words, you see" -> ABSTAIN
function lf.short_comment(x)
  if #x.words <= 8 and not rx("[0-9/#!]"):test(x.text) then return HAM end
end

local feelings = set {
  "love", "beautiful", "goosebumps", "cried", "laughed", "favourite", "smile", "thanks", "insane", "proud", "lol", "haha", "wow",
}

--- @test "Thanks, I laughed" -> HAM
function lf.feelings(x)
  for _, word in ipairs(x.words) do
    if feelings[word] then return HAM end
  end
end

-- People tell what happened to them.
--- @test "I was at the show" -> HAM
--- @test "I am rich" -> ABSTAIN
function lf.anecdote(x)
  if rx([[\b(i|we|she|he|they) (was|were|had|used to|never|always|still|went|saw|heard|felt|got|made|bought)\b]], "i"):test(x.text) then
    return HAM
  end
end

-- What everybody has just seen or heard, and the people at home.
--- @test "my kids know every verse" -> HAM
lf.everyday = keywords(HAM, {
  "song", "voice", "album", "guitar", "piano", "chorus", "verse", "drummer", "recipe", "listening", "watching",
  "kids", "wife", "husband", "dad", "mum", "mom", "sister", "brother", "grandma", "dog", "cat", "dinner",
})
