# The tests above labeling functions, and every vote on one text.
# Times differ from run to run.
steady() {
  sed -E -e 's/^([^ ]+ +[^ ]+) +(\xC2\xB5s|-)(  |$)/\1  \2\3/' \
    -e 's/^([^ ]+ +[^ ]+) +[0-9]+(\.[0-9])?(  |$)/\1  T\3/'
}
steady_json() { jq -c '.votes[].microseconds |= if . then "T" else . end'; }
(cd "$SAMPLES" && weaksup test spam/lfs); echo "exit $?"
(cd "$SAMPLES" && weaksup test household/lfs); echo "exit $?"
weaksup test -q "$SAMPLES/spam/lfs"; echo "exit $?"

mkdir lfs
cat >lfs/a.lua <<'END'
--- @test "look at my channel" -> SPAM
--- @test "look at \"my\"\tchannel" -> SPAM
--- @test "great song" -> HAM
function lf.channel(x)
  if x.lower:find("my channel", 1, true) then return SPAM end
end
-- fails on a text without letters
--- @test "123" -> ABSTAIN
function lf.words(x) if #words(x.text)[1] > 3 then return HAM end error("too short") end
function lf.untested(x) end
END
cat >lfs/b.rules <<'END'
# @test "Subscribe!" -> ABSTAIN
subscribe SPAM /\bsubscribe\b/i
shop SPAM author ~ /shop/
END
printf '{"id":"a1","text":"my channel","author":"x"}\n{"id":"a2","text":"hello","author":"shop 1"}\n' >data.jsonl
printf 'classes = { "HAM", "SPAM" }\ndata = "data.jsonl"\nid = "id"\n' >weaksup.lua
weaksup test lfs; echo "exit $?"
weaksup test lfs -v 2>/dev/null | tail -3
weaksup test lfs -qv; echo "exit $?"
weaksup test lfs --json; echo "exit $?"
weaksup test lfs/b.rules; echo "exit $?"
weaksup try lfs --text 'subscribe to my channel' | steady; echo "exit $?"
weaksup try lfs --text=1 | steady; echo "exit $?"
weaksup try lfs --id a2 | steady; echo "exit $?"
weaksup try lfs --id a2 --json | steady_json; echo "exit $?"
weaksup try lfs --text '' --json | steady_json; echo "exit $?"

# What is wrong.
weaksup test; echo "exit $?"
weaksup test nowhere; echo "exit $?"
weaksup try lfs; echo "exit $?"
weaksup try lfs --text a --id a1; echo "exit $?"
weaksup try lfs --txt a; echo "exit $?"
weaksup try lfs --text; echo "exit $?"
weaksup try lfs --id a3; echo "exit $?"
weaksup try lfs --text "$(printf 'a\377')"; echo "exit $?"
echo '# @test "x" -> SPAMM' >>lfs/b.rules; weaksup test lfs; echo "exit $?"
echo '# @test "x" => SPAM' >lfs/b.rules; weaksup test lfs; echo "exit $?"
echo '# @test "x" -> SPAM' >lfs/b.rules; weaksup test lfs; echo "exit $?"

# What looks like a test inside of a string or a long comment is none.
mkdir quoted
cat >quoted/a.lua <<'EOF'
local code = [[
--- @test "x" -> HAM
]]
--[==[
--- @test "x" -> HAM
]==]
--- @test "x" -> SPAM
function lf.quoted(x) if #code > 0 then return SPAM end end
EOF
weaksup test quoted; echo "exit $?"

# What is nearly a test is none, and is told.
mkdir near
cat >near/a.lua <<'EOF'
--- @tset "x" -> SPAM
-- @Test: "y" -> HAM
--- @tests x -> SPAM
-- test "x" -> SPAM
--- @example "x" -> SPAM
-- what a test is: "x" -> SPAM; nothing is tested here
-- @test_data is elsewhere -> there
local code = [[
--- @tset "x" -> SPAM
]]
--- @test "x" -> SPAM
function lf.near(x) if #code > 0 then return SPAM end end
EOF
printf '  # @tset "x" -> SPAM\nx SPAM /x/\n' >near/b.rules
weaksup test near; echo "exit $?"
weaksup test near -q --json 2>/dev/null | jq -c '[.tests, .failed]'
