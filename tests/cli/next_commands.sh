# Commands that are printed as what comes next can be copied: paths with blanks are one word, and
# ready-made votes need the records.
next() { sed -n '/^next:/,$p' said; }
for i in $(seq 40); do
  printf '{"id":"a%d","text":"free check %d"}\n{"id":"b%d","text":"nice song %d"}\n' $i $i $i $i
done >data.jsonl
weaksup init "two words" --data data.jsonl --classes HAM,SPAM >said
next
eval "$(next | sed 's/^next: //; s/;.*//') -q" 2>/dev/null
weaksup fit "two words/lfs" --out "two words/run" >said 2>/dev/null
next
weaksup next "two words/run" --lfs 3 | sed -n '/^next:/,$p'
{ cat data.jsonl && echo '{"id":"c","text":"well, nothing"}'; } |
  sed 's/\("text":"free.*\)}/\1,"label":"SPAM"}/; s/\("text":"nice.*\)}/\1,"label":"HAM"}/' >"my dev.jsonl"
weaksup fit "two words/lfs" --out "two words/run" --dev "my dev.jsonl" >said 2>/dev/null
next
eval "$(next | grep -o 'weaksup next.*')" -q && ls "two words/lfs"
weaksup next "two words/run" --lfs 3 --dev "my dev.jsonl" | sed -n '/^next:/,$p' | tee said
eval "$(grep -o 'weaksup train.*' said) -q" && ls trained
echo '-- ready-made votes'
awk 'function draw(n) { seed = (seed * 16807) % 2147483647; return seed % n }
BEGIN {
  seed = 7
  print "id,a,b,c"
  for (i = 1; i <= 80; i++) {
    is = draw(2); votes = ""; some = draw(10) < 4
    for (j = 0; j < 3; j++)
      votes = votes "," (some && draw(3) ? ((draw(5) ? is : 1 - is) ? "SPAM" : "HAM") : "")
    print (i % 2 ? "a" : "b") int((i + 1) / 2) votes
  }
}' >votes.csv
weaksup fit --votes votes.csv --classes HAM,SPAM --out run --no-classifier >said
next
eval "$(next | grep -o 'weaksup next.*' | sed 's/FILE/data.jsonl/')" | head -n 1
