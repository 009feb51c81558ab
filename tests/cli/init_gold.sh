# Which of several fields that look like labels `init` takes as gold label.
for i in $(seq 40); do
  m=good; s=web; [ $((i % 2)) = 0 ] && m=bad; [ $((i % 3)) = 0 ] && s=app
  echo "{\"id\":\"r$i\",\"text\":\"this is a $m thing $i\",\"source\":\"$s\",\"mood\":\"$m\"}"
done >data.jsonl
gold() { grep '^gold\|^classes' "$1/weaksup.lua" || echo 'no gold'; }
echo '# It is a guess, and said so'
weaksup init guess --data data.jsonl; gold guess
echo '# The classes choose'
weaksup init classes --data data.jsonl --classes bad,good; gold classes
weaksup init other --data data.jsonl --classes yes,no; gold other
weaksup init list --data data.jsonl --classes A,A -q; echo "exit $?"
echo '# The dev set chooses: its labels are what the data does not have'
sed 's/,"mood":"[a-z]*"//' data.jsonl >bare.jsonl
head -n 30 data.jsonl | sed 's/"r/"d/' >dev.jsonl
weaksup init dev --data bare.jsonl --dev dev.jsonl; gold dev
weaksup init both --data bare.jsonl --dev dev.jsonl --classes bad,good -q; gold both
weaksup fit both/lfs -q --out both/run && echo fits
echo '# Few records have gold: they are the dev set, and choose no words; one class is no dev set'
some() { # N [LABEL]: 240 records of which N have gold
  for i in $(seq 240); do
    m=good l=yes
    [ $((i % 2)) = 0 ] && m=bad l=no
    printf '{"id":"r%s","text":"this is a %s thing %s of many others","label":%s}\n' $i \
      "$m" "$((i * 7 % 31))" "$([ $i -le $1 ] && echo "\"${2:-$l}\"" || echo null)"
  done
}
for n in 0 1 2 10 50; do
  some $n >some.jsonl
  echo "-- $n"
  weaksup init few$n --data some.jsonl 2>&1
  grep '^dev\|^gold\|^classes' few$n/weaksup.lua
  [ -f few$n/dev.jsonl ] && wc -l <few$n/dev.jsonl && tail -n 1 few$n/dev.jsonl
  weaksup fit few$n/lfs -q --out few$n/run 2>&1 | grep -v 'dealt out'
done
some 20 yes >some.jsonl
echo '-- one class'
weaksup init alone --data some.jsonl 2>&1
weaksup init told --data some.jsonl --classes no,yes 2>&1
grep -h '^# PLACE' told/lfs/*
some 20 >some.jsonl
echo '-- as CSV, with numbers; with a dev set beside; all of a few'
sed 's/"label":"yes"/"label":"1"/; s/"label":"no"/"label":"0"/; s/null/""/' some.jsonl |
  jq -r '[.id, .text, .label] | @csv' | sed '1i id,text,label' >some.csv
weaksup init csv --data some.csv --json | jq -c '.dev, .classes, .placeholders'
head -n 1 csv/dev.jsonl
weaksup fit csv/lfs -q --out csv/run 2>&1 | grep -v 'dealt out'
weaksup init beside --data some.jsonl --dev dev.jsonl -q; ls beside
head -n 20 some.jsonl >all.jsonl
weaksup init all --data all.jsonl; ls all; grep -v '^#' all/lfs/words_*
echo '-- gold labels in the test set alone: its classes; a name is a word of its own class'
for i in $(seq 30); do echo "where is the many of thing $i"; done | sed '1i text' >plain.csv
for i in $(seq 12); do
  echo "where is thing $i,$([ $((i % 3)) = 0 ] && echo where || echo acronym)"
done | sed '1i text,label' >scored.csv
weaksup init scored --data plain.csv --test scored.csv
grep -h '^classes\|^gold' scored/weaksup.lua
grep -H '^where' scored/lfs/words_*.txt
weaksup fit scored/lfs -q --out scored/run 2>&1 | grep -v 'dealt out'
weaksup init named --data plain.csv --classes acronym,where,many -q
grep -H '^where\|^many' named/lfs/words_*.txt
echo '-- labels in data, dev and test are told apart'
{ echo text,label; for i in $(seq 110); do echo "thing $i,$((i % 2))"; done; } >both.csv
{ echo text,label; for i in 1 2 3; do echo "dev $i,$((i % 2))"; done; } >dev.csv
{ cat both.csv; echo thing 111,1; } >scored.csv
weaksup init counted --data both.csv --dev dev.csv --test scored.csv | head -n 3
echo '# Many records have gold, and others none: they are the dev set all the same'
many() { # N: of 400 records N have gold that the text tells; M=1: that nothing tells
  for i in $(seq 400); do
    m=good l=yes
    [ $((i % 2)) = 0 ] && m=bad l=no
    [ "${M-}" ] && [ $((i * 7 % 13)) -lt 6 ] && m=fair
    [ "${M-}" ] && [ $((i * i % 7)) -lt 3 ] && l=no || [ ! "${M-}" ] || l=yes
    printf '{"id":"r%s","text":"this is a %s thing %s of many others","label":%s}\n' $i \
      "$m" "$((i * 7 % 31))" "$([ $i -le $1 ] && echo "\"$l\"" || echo null)"
  done
}
for n in 99 100 360 361; do
  many $n >some.jsonl
  echo "-- $n"
  weaksup init most$n --data some.jsonl | grep -v '^data\|^written'
  grep '^dev' most$n/weaksup.lua
  [ -f most$n/dev.jsonl ] && wc -l <most$n/dev.jsonl
  grep -h 'CHOSEN-BY' most$n/lfs/first.rules
done
weaksup fit most100/lfs --out most100/run 2>&1 | grep 'CHOSEN\|^gold: \|^gold labels\|^or:'
tail -n 4 most100/README.md
echo '-- labels that no word tells'
M=1 many 150 >some.jsonl
weaksup init chance --data some.jsonl | grep -v '^data\|^written'
weaksup fit chance/lfs --out chance/run 2>/dev/null | tail -n 4
echo '-- very many: some of them'
awk 'BEGIN { for (i = 0; i < 60000; i++)
  printf "{\"text\":\"thing %d\",\"label\":%s}\n", i, i % 2 ? "null" : i % 4 ? "\"a\"" : "\"b\"" }' >some.jsonl
weaksup init huge --data some.jsonl | grep '^dev'
jq -r .label huge/dev.jsonl | sort | uniq -c | awk '{ print $1, $2 }'
echo '# One file in two places: its labels count once'
same() { weaksup init "$@" | sed -n '/^classes/,/^words/p'; }
cp both.csv copy.csv
same as-dev --data both.csv --dev both.csv
grep -h CHOSEN-BY as-dev/lfs/first.rules
same as-test --data both.csv --test copy.csv
weaksup fit as-test/lfs -q --no-classifier --out as-test/run 2>&1 | grep 'same file'
same all-three --data both.csv --dev both.csv --test both.csv
same dev-test --data plain.csv --dev both.csv --test copy.csv
echo '# What differs on nearly all records is an id'
{ echo nr,say,kind; for i in $(seq 60); do echo "n$i,thing $i,$((i % 2))"; done; } >ids.csv
weaksup init id --data ids.csv --gold nr; echo "exit $?"; ls id 2>/dev/null
sed 's/^n5[0-9]*/n1/' ids.csv | sed '1s/.*/nr,say,kind/' >some.csv
weaksup init some --data some.csv --gold nr --id '' -q; echo "exit $?"
weaksup init kind --data ids.csv --gold kind -q; echo "exit $?"
