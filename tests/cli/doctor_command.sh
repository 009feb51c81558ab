# The doctor: what is the same on every machine. What it finds of the system differs.
weaksup doctor >out.txt; echo "exit $?"
grep -v '^  ' out.txt | sed 's/^[a-z]*  *\([^:]*\):.*/\1/' | sed '$d'
grep '^ok *weaksup:\|^ok *workers:\|^ok *task' out.txt
# Each warning, and each error, is followed by what to do.
awk '/^(warning|error)/ {getline next_line; if (next_line !~ /^         [a-z]/) print "no advice: " $0}' out.txt

cd "$SAMPLES/spam" || exit
task() { grep -A 1 '^[a-z]* *\(task\|data\|dev\|test\|labeling functions\):' | grep -v '^ok *\(cache\|terminal\)\|^--\|^weaksup can'; }
weaksup doctor | task
weaksup doctor lfs | task
cd ..
weaksup doctor spam/lfs >out.txt; echo "exit $?"; task <out.txt
weaksup doctor --task spam | task
weaksup doctor spam/lfs --dev spam/weaksup.lua --data nothing.csv >out.txt; echo "exit $?"; task <out.txt
echo 'this is no Lua' >spam/lfs/bad.lua
weaksup doctor spam/lfs -q | task; weaksup doctor spam/lfs >/dev/null; echo "exit $?"
echo 'classes = 3' >spam/weaksup.lua
weaksup doctor --task spam/weaksup.lua | task
weaksup doctor a b; echo "exit $?"
mkdir here; cd here || exit
echo '{"text":"a"}' >dev.jsonl
printf 'classes = { "A", "B" }\ndev = "dev.jsonl"\n' >weaksup.lua
weaksup doctor | task
# A limit that is too low.
(ulimit -n 64; weaksup doctor | grep -A 1 'open files')
