# Options, priors, tables and notes of labeling functions, as a user meets them.
try() { weaksup fit -q lfs --classes HAM,SPAM --data data.jsonl --out run; echo "exit $?"; rm -rf lfs run; }
lua() { mkdir -p lfs; cat >lfs/a.lua; }
for i in 1 2 3 4 5 6; do echo "{\"id\":$i,\"text\":\"red $i\",\"title\":\"green\"}"; done >data.jsonl
echo '{"id":7,"text":"blue"}' >>data.jsonl

# notes are warnings, whatever the command, with -q too
lua <<'END'
function has_red(x) return SPAM end
--- @test "red" -> SPAM
lf.red = { label = SPAM, run = rx "red" }
lf.green = { label = HAM, field = "title", run = rx "green" }
lf.yes = { label = HAM, prior = 0.95, field = "title", run = function(x) return x.text == "green" end }
END
for command in "fit -q --out run" "apply -q" "analyze -q"; do
  weaksup $command lfs --classes HAM,SPAM --data data.jsonl | tail -2
done
jq -c '.lfs[] | [.name, .votes, .prior]' run/label_model.json
tail -2 run/labels.jsonl | jq -c .votes
weaksup try lfs --classes HAM,SPAM --json --text 'red' 2>/dev/null | jq -c '.votes[] | [.lf, .vote]'
weaksup test lfs --classes HAM,SPAM

# a prior says who is right where the votes do not
printf '%s\n' 'a b' 'a b' 'a b' 'a c0' 'b d1' 'c0 d0' 'c1 d1' a b >votes.txt
for prior in '' 'prior = 0.6,' 'prior = 0.95,'; do
  rm -rf lfs run
  lua <<END
lf.a = { $prior run = keywords(HAM, { "a" }) }
lf.b = keywords(SPAM, { "b" })
function lf.c(x) return x.text:find "c0" and HAM or x.text:find "c1" and SPAM or nil end
function lf.d(x) return x.text:find "d0" and HAM or x.text:find "d1" and SPAM or nil end
END
  weaksup fit -q lfs --classes HAM,SPAM --data votes.txt --out run
  head -1 run/labels.jsonl | jq -c '[.label, (.probs.HAM * 1000 | round)]'
done
rm -rf lfs run

# a class that is called like a helper
echo 'function lf.a(x) return count end' | lua
weaksup apply -q lfs --classes count,other --data data.jsonl | head -1
rm -rf lfs

# mistakes
echo 'function has_red(x) return SPAM end' | lua; try
echo 'lf.a = { label = SPAM, fields = "title", run = rx "x" }' | lua; try
echo 'lf.a = { prior = 2, run = keywords(SPAM, { "x" }) }' | lua; try
echo 'local t = csv "t.csv"' | lua; printf 'a,b\n1\n' >lfs/t.csv; try
echo 'local t = csv("t.csv", "c")' | lua; printf 'a,b\n1,2\n' >lfs/t.csv; try
echo 'local t = csv "../data.jsonl"' | lua; try
(echo '-- weaksup-generated: v1'; echo 'function lf.a(x) end'; head -c 20000 /dev/zero | tr '\0' '-') | lua; try
(echo '-- weaksup-generated: v1'; echo 'function lf.a(x) return x.id == nil and SPAM or HAM end') | lua
weaksup apply -q lfs --classes HAM,SPAM --data data.jsonl | head -1
