# Records that data and dev both have a label of are labelled once.
for i in $(seq 200); do
  m=good l=yes
  [ $((i % 2)) = 0 ] && m=bad l=no
  [ $i -gt 60 ] && l=
  echo "$i,a $m thing $((i * 7 % 31)) of number $i,$l"
done | sed '1i nr,say,mood' >mine.csv
grep -v ',$' mine.csv | head -n 41 >dev.csv
for i in $(seq 301 310); do echo "$i,another thing $i,yes"; done >>dev.csv
cat >weaksup.lua <<'T'
classes = { "no", "yes" }
data, dev = "mine.csv", "dev.csv"
text, id, gold = "say", "nr", "mood"
T
printf 'good yes /good/\nbad no /bad/\nthing yes /thing 1/\n' >lfs.rules
weaksup fit lfs.rules -q 2>/dev/null
echo '# The 60 of the data, 40 of which are in dev, too'
for by in mix diverse evidence; do
  weaksup next run --records 5 --by $by --json 2>/dev/null | jq .labelled
done
weaksup next run --records 5 --by mix 2>&1 | grep already
