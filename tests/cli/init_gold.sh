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
head -n 12 data.jsonl | sed 's/"r/"d/' >dev.jsonl
weaksup init dev --data bare.jsonl --dev dev.jsonl; gold dev
weaksup init both --data bare.jsonl --dev dev.jsonl --classes bad,good -q; gold both
weaksup fit both/lfs -q --out both/run && echo fits
