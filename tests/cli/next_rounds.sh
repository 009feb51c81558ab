# Round after round of rules into the same file.
cd "$SAMPLES/spam"
weaksup fit lfs -q --no-classifier
echo '# The loop: nothing comes twice, nothing that was there is touched'
for round in 1 2 3; do
  weaksup next run --lfs 2 --out lfs/found.rules >said.txt
  echo "exit $?"
  cp lfs/found.rules "round$round"
  weaksup fit lfs -q --no-classifier
done
cat lfs/found.rules
cmp -n "$(wc -c <round1)" round1 round2 && cmp -n "$(wc -c <round2)" round2 round3 && echo kept
grep -o '^[^ ]*' lfs/found.rules | sort | uniq -d
grep -o '/.*' lfs/found.rules | sort | uniq -d
cp -r lfs check && weaksup fit check -q --no-classifier --out checked && echo loads
echo '# Without a fit between: what the file has is left out all the same, also comments'
rm lfs/found.rules
weaksup fit lfs -q --no-classifier
printf '# mine, without a line end at the end of the file\n#has_your  HAM  /\\byour\\b/i\nhas_we  SPAM  /never (this|that)/' >lfs/found.rules
cp lfs/found.rules before
weaksup next run --lfs 1 --out lfs/found.rules -q
weaksup next run --lfs 1 --out lfs/found.rules -q
weaksup next run --lfs 1 --out lfs/found.rules | grep "^has\|^next"
cat lfs/found.rules
cmp -n "$(wc -c <before)" before lfs/found.rules && echo kept
weaksup fit lfs -q --no-classifier && echo loads
echo '# Nothing to add: the file stays as it is'
weaksup next run --lfs 1000 --out lfs/found.rules -q
cp lfs/found.rules before
weaksup next run --lfs 1000 --out lfs/found.rules
cmp before lfs/found.rules && echo kept
ls lfs
echo '# Refused: other code, what is no text, records'
weaksup next run --lfs 1 --out weaksup.lua; echo "exit $?"
weaksup next run --lfs 1 --out data/train.jsonl; echo "exit $?"
weaksup next run --records 1 --out lfs/found.rules; echo "exit $?"
printf 'a \377' >lfs/found.rules
weaksup next run --lfs 1 --out lfs/found.rules; echo "exit $?"
echo '# No word that a list, a rule or code has: records on which they disagree'
mkdir ../had && cd ../had
for i in $(seq 30); do
  printf '{"id":"a%s","text":"bonus now %s"}\n{"id":"b%s","text":"a prize %s"}\n' $i $i $i $i
  printf '{"id":"c%s","text":"lottery number %s"}\n{"id":"d%s","text":"mother said %s"}\n' $i $i $i $i
  printf '{"id":"e%s","text":"subscribe then %s"}\n{"id":"f%s","text":"father"}\n' $i $i $i
done >d.jsonl
mkdir lfs
printf 'bonus\nprize\n' >lfs/list.txt
printf 'listed SPAM @list.txt\nsub SPAM /subscrib/i\nfamily HAM /mother|father/\n' >lfs/a.rules
cat >lfs/b.lua <<'EOF'
function lf.short(x)
  if #words(x.text) == 3 and not x.text:find("lottery") then return HAM end
end
EOF
printf 'classes = { "HAM", "SPAM" }\ndata = "d.jsonl"\nid = "id"\n' >weaksup.lua
weaksup fit lfs -q
weaksup next run --lfs 50 --json | jq -c '.conflicts, .known, [.lfs[] | [.words, .class]]'
cd ../spam
echo '# The words are shown where they stand, whatever is before'
mkdir long && cd long
for i in $(seq 12); do
  printf '{"id":"a%s","text":"%s needle%s, ends %s"}\n' $i "$(printf 'hay %.0s' $(seq 60))" '' "$(printf 'straw %.0s' $(seq 60))"
  printf '{"id":"b%s","text":"other %s"}\n{"id":"c%s","text":"Ärger %s needle"}\n' $i $i $i $i
done >d.jsonl
printf 'a A /\\bärger/i\nb B /other/\n' >a.rules
printf 'classes = { "A", "B" }\ndata = "d.jsonl"\nid = "id"\n' >weaksup.lua
weaksup fit a.rules -q --no-classifier
weaksup next run --lfs 1 | grep '>>'
echo "--- a class whose name no rule can quote is written as its number"
mkdir -p quoted/lfs
awk 'BEGIN {
  for (i = 0; i < 120; i++) {
    c = i % 2
    printf "{\"text\": \"%s %s %s\", \"label\": \"%s\"}\n", c ? "alpha" : "beta", c ? "gamma" : "delta",
      i % 3 ? "red" : "blue", c ? "0" : "a\\\"b"
  }
}' >quoted/d.jsonl
cat >quoted/weaksup.lua <<'END'
classes = { "a\"b", "0" }
data = "d.jsonl"
dev = "d.jsonl"
END
cat >quoted/lfs/a.lua <<'END'
function lf.a(x) if x.text:find "alpha.*red" then return class["0"] end end
function lf.b(x) if x.text:find "beta.*red" then return class["a\"b"] end end
END
cd quoted
weaksup fit lfs -q
weaksup next run --lfs 2 --out lfs/new.rules -q
cat lfs/new.rules
weaksup try lfs --text beta | grep has_beta | awk '{ print $1, $2 }'
cd ..
