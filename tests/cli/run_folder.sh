# The run folder is replaced whole, keeps the user's own files, and never anybody else's.
printf 'id,a\n1,A\n2,B\n' >v.csv
fit() { weaksup fit -q --votes v.csv --classes A,B "$@"; echo "exit $?"; }
fit --out run
echo mine >run/notes.txt
mkdir run/figures
echo plot >run/figures/a.txt
fit --out run
ls run
cat run/notes.txt run/figures/a.txt
mkdir other && echo precious >other/thing
fit --out other
cat other/thing
mkdir empty && fit --out empty/
ls empty
echo file >plain && fit --out plain
fit --out no/such/folder
ln -s run link && fit --out link && [ -L link ] && ls link
ls -A
# The table of a run tells whose gold labels it counts.
rm link && printf 'id,a,label\n1,A,A\n2,B,\n' >dev.csv
fit --out run --dev dev.csv && weaksup analyze run | grep ^gold
cp dev.csv v.csv && printf 'id,a\n1,A\n' >dev.csv
fit --out run --dev dev.csv 2>/dev/null && weaksup analyze run | grep ^gold
fit --out run && jq -c '[.gold_set, .gold_records]' run/metrics.json
printf 'id,a\n1,A\n2,B\n' >v.csv
fit --out run && weaksup analyze run | grep ^gold
jq -c '[.gold_set, .gold_records]' run/metrics.json
