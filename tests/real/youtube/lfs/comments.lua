function field.words(x) return words(x.lower) end

function lf.check_out(x)
  if rx([[check\s+(this\s+|it\s+|me\s+)?out]], "i"):test(x.text) then return SPAM end
end

function lf.short_comment(x)
  if #x.words < 5 then return HAM end
end

-- People who liked it say so, and want nothing for it.
local praise = set { "love", "loved", "best", "awesome", "amazing", "beautiful", "favorite", "nostalgia" }
local asks = set { "channel", "subscribe", "check", "please", "plz", "pls", "follow", "http", "www", "com" }

function lf.praise(x)
  local likes = false
  for _, word in ipairs(x.words) do
    if asks[word] then return end
    likes = likes or praise[word]
  end
  if likes then return HAM end
end
