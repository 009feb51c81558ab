# A new task: for each form of data, with gold labels and without, what it writes loads, passes
# its own tests and can be fitted. Nothing is asked without a terminal, nothing is replaced.
ready() { # DIR
  weaksup test $1/lfs || echo "$1: test $?"
  weaksup fit $1/lfs --out $1/run -q 2>fit.err || { echo "$1: fit $?"; cat fit.err; }
  [ -s $1/run/labels.jsonl ] || echo "$1: no labels"
}
cp "$SAMPLES/spam/data/train.jsonl" train.jsonl
weaksup init gold --data train.jsonl </dev/null; echo "exit $?"
cat gold/weaksup.lua gold/lfs/first.rules gold/lfs/first.lua gold/lfs/words_SPAM.txt
ls gold gold/lfs
ready gold
weaksup fit gold/lfs --out again 2>/dev/null | grep -c '^data .*label model'

# The same records without labels, in each form.
sed 's/, *"label": *"[A-Z]*"//' train.jsonl >bare.jsonl
gzip -c bare.jsonl >bare.jsonl.gz
sed -n 's/.*"text": *"\([^"\\]*\)".*/\1/p' bare.jsonl >bare.txt
{ echo 'nr,body'; awk '{gsub(/"/, "\"\""); printf "n%d,\"%s\"\n", NR, $0}' bare.txt; } >bare.csv
{ printf 'nr\tbody\n'; awk '{gsub(/\t/, " "); printf "n%d\t%s\n", NR, $0}' bare.txt; } >bare.tsv
for form in jsonl jsonl.gz txt csv tsv; do
  weaksup init $form --data bare.$form --classes no,yes </dev/null; echo "exit $?"
  grep -h '^text\|^id\|^gold\|^data' $form/weaksup.lua
  ready $form
done
cat txt/lfs/first.rules txt/lfs/words_yes.txt

# Without names for the classes; into an empty folder, from within; gold from dev; given fields.
mkdir empty
(cd empty && weaksup init . --data ../bare.txt -q; echo "exit $?"; ls -A; grep '^classes\|^data' weaksup.lua)
weaksup init dev --data bare.jsonl --dev train.jsonl --test train.jsonl 2>&1; ready dev
grep '^dev\|^test\|^gold' dev/weaksup.lua
weaksup init given --data train.jsonl --text author --id '' --gold '' --classes A,B --task-text 'who "is" it?' -q
grep '^text\|^gold\|id =\|task_text' given/weaksup.lua

# Labels as numbers; a file that is sorted by them; a field that is no label after all.
for i in 0 1; do for j in $(seq 1100); do echo "{\"say\":\"it is number $j of w$i\",\"label\":$i}"; done; done >sorted.jsonl
weaksup init sorted --data sorted.jsonl; ready sorted
cat sorted/lfs/words_*.txt
for j in $(seq 100); do echo "{\"say\":\"it is $j\",\"label\":$((j % 3 + 4))}"; done >odd.jsonl
weaksup init odd --data odd.jsonl; grep '^gold' odd/weaksup.lua; ready odd
weaksup init odd2 --data odd.jsonl --gold label; echo "exit $?"
weaksup init odd3 --data odd.jsonl --gold label --classes a,b,c,d,e,f,g; echo "exit $?"
# What is an id in the first records only is none.
{ for j in $(seq 1200); do echo "{\"id\":$j,\"say\":\"so $j\"}"; done; echo '{"id":7,"say":"once more"}'; } >twice.jsonl
weaksup init twice --data twice.jsonl; grep '^-- id' twice/weaksup.lua

weaksup init json --data train.jsonl --json

# What cannot be done: nothing is left behind.
cd gold && weaksup init . --data ../bare.txt; echo "exit $?"; cd ..
weaksup init bare.txt --data bare.txt; echo "exit $?"
weaksup init no/where --data bare.txt; echo "exit $?"
weaksup init new </dev/null; echo "exit $?"
weaksup init new --data nothing.csv; echo "exit $?"
weaksup init new --data - </dev/null; echo "exit $?"
printf '{"text":"a"}\n{"text":\n' >bad.jsonl
weaksup init new --data bad.jsonl; echo "exit $?"
printf '{"n":1}\n' >numbers.jsonl
weaksup init new --data numbers.jsonl; echo "exit $?"
weaksup init new --data train.jsonl --text txet; echo "exit $?"
weaksup init new --data train.jsonl --classes A,B; echo "exit $?"
weaksup init new --data train.jsonl --classes A; echo "exit $?"
: >void.jsonl
weaksup init new --data void.jsonl; echo "exit $?"
ls -d new* .new* 2>/dev/null || echo "nothing is left"
