# What gold labels prove of a rule does not depend on files that came to the labeling functions
# since the run: here gold labels that these vote on already, which prove nothing of others.
for i in $(seq 30); do
  printf '{"id":"m%s","text":"moon %s"}\n{"id":"s%s","text":"shine %s"}\n' $i $i $i $i
  printf '{"id":"a%s","text":"moon shine %s"}\n{"id":"b%s","text":"rain %s"}\n{"id":"c%s","text":"sun %s"}\n' $i $i $i $i $i $i
done >data.jsonl
for i in $(seq 20); do
  [ $i -gt 8 ] || printf '{"id":"d%s","text":"moon shine %s","label":"SPAM"}\n' $i $i
  printf '{"id":"e%s","text":"rain %s","label":"HAM"}\n' $i $i
done >dev.jsonl
printf 'classes = { "HAM", "SPAM" }\ndata = "data.jsonl"\ndev = "dev.jsonl"\nid = "id"\ngold = "label"\n' >weaksup.lua
mkdir lfs
printf 'a HAM /moon/\nb SPAM /moon/\nc SPAM /sun/\n' >lfs/a.rules
weaksup fit lfs -q --no-classifier 2>/dev/null
said() {
  weaksup next run --lfs 9 | grep '^shine  \|^rain  \|better than chance'
  weaksup next run --lfs 9 --json | jq -c '.lfs[] | [.words, .class, .gold_right, .proven]'
}
said
echo "-- a file of rules that is new"
weaksup next run --lfs 9 --out lfs/next.rules -q
said
weaksup next run --lfs 9 --out lfs/next.rules | sed -n '/chance/,/used/p'
rm lfs/next.rules
echo "-- other labeling functions: nobody knows where they vote"
sed 's/^a /other /' lfs/a.rules >x && mv x lfs/a.rules
said
