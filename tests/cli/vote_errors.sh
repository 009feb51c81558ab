# Vote errors are counted, named and shown; --max-errors ends the run.
mkdir lfs
printf 'hello there\nbye\nsubscribe now\n' >data.txt
cat >lfs/a.lua <<'END'
function lf.misspelt(x)
  local names = _ENV if x.text == "bye" then return names.SPAN end
end
function lf.field(x)
  if x.text == "bye" then return #x.url end
end
function lf.half(x) if x.text == "bye" then return 0.5 end end
function lf.two(x) if x.text == "bye" then return HAM, SPAM end end
function lf.name(x) if x.text == "bye" then return "SPAMM" end end
function lf.index(x) return x.text == "bye" and 2 or 0 end
function lf.truth(x) return x.text == "bye" end
function lf.write(x) x.text = "other" end
function lf.thrown(x) error({}) end
function lf.loop(x) while x.text == "bye" do end end
function lf.caught(x) while x.text == "bye" do pcall(function() while true do end end) end end
function lf.memory(x) local t = {} while x.text == "bye" do t[#t + 1] = ("x"):rep(1e5) .. #t end end
function lf.good(x) return x.text:find("subscribe") and "SPAM" or HAM end
END
weaksup fit lfs --classes HAM,SPAM --data data.txt --out run -j 2 >table; echo "exit $?"
awk '/^LF/ || /^[a-z]+  / {print $1, $NF}' table
cat run/labels.jsonl | jq -c .votes
weaksup fit -q lfs --classes HAM,SPAM --data data.txt --out run --max-errors 0; echo "exit $?"
weaksup fit -q lfs --classes HAM,SPAM --data data.txt --out run --max-errors 3; echo "exit $?"
weaksup fit -q lfs --classes HAM,SPAM --data data.txt --out run --max-errors 10%; echo "exit $?"
weaksup fit -q lfs --classes HAM,SPAM --data data.txt --out run --max-errors 90%; echo "exit $?"

# One line for an LF over all data sets, its quarantine with it, and no word that it is silent.
mkdir few && printf 'a\nbye\nb\n' >dev.txt && printf 'c\nd\n' >test.txt && seq 30 >>data.txt
cat >few/a.lua <<'END'
function lf.bye(x) if x.text == "bye" then error("a farewell") end return HAM end
function lf.never(x) return x.url.host end
function lf.silent(x) end
function lf.good(x) return #x.text > 5 and HAM or SPAM end
END
weaksup fit -q few --classes HAM,SPAM --data data.txt --dev dev.txt --test test.txt --no-classifier --out run
weaksup analyze few --classes HAM,SPAM --data data.txt --dev dev.txt 2>/dev/null | sed -n '/^vote errors/,$p'

# What Lua's own messages leave open: a dot for a colon, a method that is not there, a misspelt
# field of the record (a field of another table is not one).
mkdir habits
cat >habits/a.lua <<'END'
local p, t = rx "hello", { word = 1 }
function lf.dot(x) return p.test(x.text) and B end
function lf.method(x) return p:search(x.text) and B end
function lf.field(x) return x.txt:find "hello" and B end
function lf.length(x) return #x.titel > 3 and B end
function lf.far(x) return x.author:find "hello" and B end
function lf.other(x) return t.txt:find "hello" and B end
END
weaksup try habits --classes A,B --json --text hello | jq -r '.votes[].error'
echo '{"text":"hello","title":"x"}' >habits.jsonl
weaksup apply habits --classes A,B --data habits.jsonl 2>&1 >/dev/null | grep "'length'"

# A recursion without end.
mkdir deep
cat >deep/a.lua <<'END'
local function deep(n) return 1 + deep(n + 1) end
function lf.deep(x) return deep(1) and B end
END
weaksup try deep --classes A,B --lf-time 60000 --json --text hello | jq -r '.votes[].error'

# Standard input is called that.
printf 'hello\n' | weaksup apply -q habits --classes A,B --data - --input-format text --out no.jsonl 2>&1 | head -1
printf 'hello\n' | weaksup try habits --classes A,B --data - --input-format text --id 9 2>&1
