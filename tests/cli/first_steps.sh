# A user who does what is printed as next, from data without gold labels: each step is said,
# works, and leads to better labels. Labels of hers are taken from the file that has them.
awk 'function draw(n) { seed = (seed * 16807) % 2147483647; return seed % n }
BEGIN {
  seed = 7
  split("free win cash prize click offer", spam); split("thanks lunch meeting home mum see", ham)
  split("the a to you and it is of in for on we now here today please", plain)
  for (i = 1; i <= 900; i++) {
    is = draw(2); text = ""
    for (w = 0; w < 8; w++) {
      own = draw(6) == 0; other = draw(30) == 0
      text = text (w ? " " : "") (own ? (is ? spam[draw(6) + 1] : ham[draw(6) + 1]) : \
        other ? (is ? ham[draw(6) + 1] : spam[draw(6) + 1]) : plain[draw(16) + 1])
    }
    printf "{\"id\":\"r%d\",\"text\":\"%s\",\"label\":\"%s\"}\n", i, text, is ? "SPAM" : "HAM"
  }
}' >known.jsonl
tail -n 200 known.jsonl >test.jsonl
head -n 700 known.jsonl | sed 's/,"label":"[A-Z]*"//' >bare.jsonl
step() { # prints the command of the last next: line
  sed -n '/^next:/,$p' said | tail -n 1 | sed 's/^ *//; s/^next: //; s/;.*//'
}
label() { # FILE: as annotate would
  jq -r .id "$1" | while read -r id; do jq -c "select(.id == \"$id\")" known.jsonl; done >>"$2"
}
score() { sed -n 's/^test *classifier *200 *\([0-9.]*\).*/test: \1/p' said; }
weaksup init task --data bare.jsonl --classes HAM,SPAM >said; sed -n '/^next:/,$p' said
eval "$(step) --test test.jsonl" >said 2>&1; sed -n '/^next:/,$p' said; score
weaksup next task/run --records 30 --out todo.jsonl -q
label todo.jsonl dev.jsonl
weaksup fit task/lfs --out task/run --test test.jsonl --dev dev.jsonl >said 2>&1
sed -n '/^next:/,$p' said; score
eval "$(step)" >said; sed -n '/^no rule/p; /^next:/,$p' said
rm task/lfs/first.* task/lfs/words_*
weaksup fit task/lfs --out task/run --test test.jsonl --dev dev.jsonl >said 2>&1
sed -n '/^next:/,$p' said; score
eval "$(step)" -q
weaksup fit task/lfs --out task/run --test test.jsonl --dev dev.jsonl >said 2>&1
sed -n '/^next:/,$p' said; score
step # at the terminal
weaksup next task/run --records 80 --out todo.jsonl -q
label todo.jsonl dev.jsonl
weaksup next task/run --lfs 10 --out task/lfs/next.rules -q
weaksup fit task/lfs --out task/run --test test.jsonl --dev dev.jsonl >said 2>&1
sed -n '/^next:/,$p' said; score

echo '--- six classes: words of `init` teach nothing, gold labels tell of some classes'
awk 'BEGIN {
  split("how many|who wrote|where lies|why does|what thing|short for", front, "|")
  split("amount who where explain thing acronym", class, " ")
  split("the of a to in is on and it for was do", plain, " ")
  for (i = 1; i <= 600; i++) {
    k = i % 6 + 1; text = front[k]
    for (w = 0; w < 5; w++) text = text " " plain[(i * 7 + w * w * 5 + int(i / 6) * (w + 1)) % 12 + 1]
    printf "{\"id\":\"q%d\",\"text\":\"%s\",\"label\":\"%s\"}\n", i, text, class[k]
  }
}' >known.jsonl
tail -n 120 known.jsonl >test.jsonl
head -n 480 known.jsonl | sed 's/,"label":"[a-z]*"//' >bare.jsonl
score() { sed -n 's/^test *classifier *120 *\([0-9.]*\).*/test: \1/p' said; }
rm -rf task dev.jsonl
weaksup init task --data bare.jsonl --classes amount,who,where,explain,thing,acronym -q
weaksup fit task/lfs --out task/run --test test.jsonl >said 2>&1; score
weaksup next task/run --lfs 10 | sed -n '/^next:/,$p'
weaksup next task/run --records 2
weaksup next task/run --records 12 --out todo.jsonl -q
label todo.jsonl dev.jsonl
weaksup fit task/lfs --out task/run --test test.jsonl --dev dev.jsonl >said 2>&1; score
weaksup next task/run --lfs 10 --out task/lfs/next.rules >said; sed -n '/^words/,/^$/p; /^no rule/,$p' said
weaksup next task/run --records 100 --out todo.jsonl -q
label todo.jsonl dev.jsonl
weaksup fit task/lfs --out task/run --test test.jsonl --dev dev.jsonl >said 2>&1; score
sed -n '/^next:/,$p' said
weaksup next task/run --lfs 10 --out task/lfs/next.rules >said 2>&1; sed -n '/^words/,/^$/p; /^no rule/,$p; /^next:/,$p' said
rm task/lfs/first.* task/lfs/words_*
weaksup fit task/lfs --out task/run --test test.jsonl --dev dev.jsonl >said 2>&1; score
