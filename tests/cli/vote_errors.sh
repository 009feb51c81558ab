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
