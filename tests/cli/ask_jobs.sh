# Several requests at once: what is written and said is the same for any number of them.
cp -r "$SAMPLES/spam" spam
cd spam
head -n 60 data/train.jsonl >few.jsonl && mv few.jsonl data/train.jsonl
head -n 12 data/dev.jsonl >few.jsonl && mv few.jsonl data/dev.jsonl
head -n 3 data/train.jsonl | sed 's/"id": *"/&again_/' >few.jsonl && cat few.jsonl >>data/train.jsonl
cat >model.sh <<'EOF'
#!/bin/sh
echo asked >>../asked
prompt=$(tail -n 2 | head -n 1)
sleep 0.0$((${#prompt} % 9))
case $prompt in
*http*|*check*|*ubscribe*) echo '{"label": "SPAM"}' ;;
*song*) echo "I cannot tell." ;;
*love*) echo ABSTAIN ;;
*) echo HAM ;;
esac
EOF
chmod +x model.sh
asked() { wc -l <../asked; }
ask() { weaksup ask --cmd ./model.sh --model stub "$@"; }

echo "--- any number"
for jobs in 1 2 16; do
  : >../asked
  mkdir j$jobs
  ask --samples 2 --jobs $jobs --record j$jobs/kept --out j$jobs/votes.wsv --dev-out j$jobs/dev.wsv >j$jobs/said 2>j$jobs/err || echo "exit $?"
  sed -i "s/j$jobs/j1/g" j$jobs/said # the next step names the files
  asked
  sed -i "s|j$jobs/|j1/|g" j$jobs/said
  diff -r j1 j$jobs
done
cat j1/said
sed 's/it is .*/it is .../' j1/err
echo "--- again, and replayed: nobody is asked"
: >../asked
ask --samples 2 --jobs 8 --record j1/kept --out again.wsv --quiet 2>/dev/null && cmp again.wsv j1/votes.wsv
weaksup ask --replay j1/kept --model stub --samples 2 --jobs 8 --out again.wsv --quiet 2>/dev/null && cmp again.wsv j1/votes.wsv
asked
echo "--- a budget"
for jobs in 1 16; do
  : >../asked
  ask --records 20 --dev '' --jobs $jobs --budget-tokens 3000 --out budget$jobs.jsonl --quiet
  asked
  rm -r budget$jobs.jsonl.unfinished
done
cmp budget1.jsonl budget16.jsonl
echo "--- other answers about a record of which one is refused are not asked for, whatever is left"
for jobs in 1 16; do
  : >../asked
  weaksup ask --model stub --samples 3 --records 30 --dev '' --jobs $jobs --budget-tokens 6000 --out refused$jobs.jsonl -q --cmd 'prompt=$(tail -n 2 | head -n 1); echo asked >>../asked; case $prompt in *the*) printf "\377" ;; esac; echo HAM' 2>refused$jobs.err || echo "exit $?"
  asked
  rm -r refused$jobs.jsonl.unfinished
done
cmp refused1.jsonl refused16.jsonl
sed 's/refused16/refused1/' refused16.err | cmp refused1.err -
grep -c 'stays without' refused1.err
echo "--- what goes wrong, goes wrong in the order of the records"
for jobs in 1 16; do
  weaksup ask --model stub --records 20 --dev '' --jobs $jobs --out wrong$jobs.jsonl --cmd 'prompt=$(tail -n 2 | head -n 1); case $prompt in *http*|*check*) exit 3 ;; esac; echo HAM' 2>wrong$jobs.err || echo "exit $?"
  ls -d wrong$jobs.jsonl 2>&1
done
sed 's/wrong16/wrong1/' wrong16.err | diff wrong1.err - && cat wrong1.err
echo "--- stopped: what was answered is not asked about again"
: >../asked
weaksup ask --model stub --records 9 --dev '' --jobs 5 --out stopped.jsonl --cmd 'if mkdir ../turn1 2>/dev/null || mkdir ../turn2 2>/dev/null || mkdir ../turn3 2>/dev/null; then ./model.sh; else exec sleep 60; fi' 2>/dev/null &
for i in $(seq 100); do [ "$(ls stopped.jsonl.unfinished 2>/dev/null | grep -c json)" = 3 ] && break; sleep 0.1; done
{ kill $!; wait $! || echo "exit $?"; } 2>/dev/null
ask --records 9 --dev '' --jobs 5 --out stopped.jsonl
asked
ls -d stopped.jsonl*
echo "--- too many"
ask --jobs 1000 --out x.wsv || echo "exit $?"
