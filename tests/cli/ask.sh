# A language model votes on records: the model is a script here, which is right where a word
# tells, now and then changes its mind with the seed, and answers in many forms.
cp -r "$SAMPLES/spam" spam
cd spam
head -n 40 data/train.jsonl >few.jsonl && mv few.jsonl data/train.jsonl
head -n 12 data/dev.jsonl >few.jsonl && mv few.jsonl data/dev.jsonl
cat >model.sh <<'EOF'
#!/bin/sh
echo asked >>../asked
prompt=$(tail -n 2 | head -n 1)
case $prompt in
*http*|*check*|*ubscribe*|*free*) label=SPAM ;;
*tinyurl*) label=ABSTAIN ;;
*) label=HAM ;;
esac
case $WEAKSUP_CHAT_SEED:$prompt in
1:*you*) label=HAM ;;
2:*the*) label=ABSTAIN ;;
esac
case $prompt in
*love*) printf '```json\n{"label": "%s"}\n```\n' $label ;;
*song*) echo "I think it is $label." ;;
*) echo "{\"label\": \"$label\"}" ;;
esac
EOF
chmod +x model.sh
ask() { weaksup ask --cmd ./model.sh --model stub "$@"; }

echo "--- three samples, recorded"
ask --samples 3 --record kept --out votes.wsv --dev-out dev.wsv --by-agreement
wc -l <../asked
echo "--- again: nobody is asked, and the bytes are the same"
ask --samples 3 --record kept --out again.wsv --by-agreement --quiet
wc -l <../asked
cmp votes.wsv again.wsv
echo "--- replayed, by another command, which is not run"
weaksup ask --replay kept --model stub --cmd 'echo run >>../asked' --samples 3 --out replayed.wsv --dev-out dev_replayed.wsv --by-agreement >replayed.txt
wc -l <../asked
cmp votes.wsv replayed.wsv
cmp dev.wsv dev_replayed.wsv
echo "--- beside what is there"
weaksup fit --votes votes.wsv --dev dev.wsv --test '' --no-classifier --quiet --out both
weaksup analyze both | head -n 6 | cut -c 1-60
echo "--- what is not recorded"
weaksup ask --replay kept --model stub --samples 3 --max-tokens 100 --out x.wsv || echo "exit $?"
ls x.wsv 2>&1
echo "--- JSON"
ask --record kept --json --samples 3 --out votes.jsonl 2>/dev/null | sed -n '1,12p;/"account"/,$p'
head -n 2 votes.jsonl
echo "--- cascade"
weaksup fit lfs --no-classifier --quiet --out run
ask --cascade run --records 10 --record kept --out second.jsonl
grep -c SPAM second.jsonl
echo "--- what would be asked"
weaksup ask --dry-run --answers codes --dev '' --records 1 --price-in 3 --price-out 15 --cmd x | tail -n +4 | grep -v '^[0-9a-f]*$' | sed 's/lines [0-9a-f]*/lines MARK/'
weaksup ask --dry-run --records 1 --samples 2 --price-in 3 --price-out 15 >/dev/null # nobody named
weaksup ask --dry-run --records 1 --dev '' >/dev/null
echo "--- a budget"
ask --records 5 --dev '' --budget-tokens 1000 --record few --out few.jsonl
ls few | wc -l
ask --records 5 --dev '' --budget-tokens 100 --record few --out none.jsonl || echo "exit $?"
ls none.jsonl 2>&1
echo "--- what ends before it is done is not asked twice: nobody answers any more"
asked() { wc -l <../asked; }
: >../asked
weaksup ask --model stub --records 5 --dev '' --cmd '[ "$(wc -l <../asked)" -lt 3 ] && ./model.sh' --out part.jsonl --attempts 1 || echo "exit $?"
asked
ls -A part.jsonl*
ask --records 5 --dev '' --out part.jsonl
asked
ls -Ad part.jsonl*
echo "--- the votes cannot be written"
mkdir full.wsv
: >../asked
ask --records 5 --dev '' --out full.wsv --quiet || echo "exit $?"
rmdir full.wsv
ask --records 5 --dev '' --out full.wsv
asked
ls -d full.wsv*
echo "--- killed"
: >../asked
weaksup ask --model stub --records 5 --dev '' --cmd 'if [ "$(wc -l <../asked)" -lt 3 ]; then ./model.sh; else touch ../third; exec sleep 60; fi' --out killed.jsonl &
until [ -e ../third ]; do sleep 0.1; done
{ kill -9 $!; wait $!; } 2>/dev/null
ask --records 5 --dev '' --out killed.jsonl
asked
ls -d killed.jsonl*
echo "--- a budget that is raised"
: >../asked
ask --records 5 --dev '' --budget-tokens 1000 --out more.jsonl
ask --records 5 --dev '' --out more.jsonl
asked
ls -d more.jsonl*
echo "--- two at once"
weaksup ask --model stub --records 2 --dev '' --cmd 'touch ../busy; sleep 60' --out busy.jsonl 2>/dev/null &
until [ -e ../busy ]; do sleep 0.1; done
ask --records 2 --dev '' --out busy.jsonl 2>&1 | sed 's/process [0-9]*/process NUMBER/'
{ kill $!; wait $!; } 2>/dev/null
ls -d busy.jsonl* 2>&1
echo "--- fewer records over a file of votes"
ask --records 5 --dev '' --out there.wsv --quiet >../there.txt
cp there.wsv before.wsv
: >../asked
ask --records 3 --dev '' --out there.wsv || echo "exit $?"
asked
cmp there.wsv before.wsv
ask --records 7 --dev '' --out there.wsv --quiet >../there.txt || echo "exit $?"
cmp there.wsv before.wsv
ask --records 7 --dev '' --out there.jsonl --quiet >../there.txt || echo "exit $?"
ask --records 3 --dev '' --out there.jsonl || echo "exit $?"
echo "--- prices of the task file"
echo 'prices = { input = 1e6, output = 1e6 }' >>weaksup.lua
weaksup ask --cmd ./model.sh --model stub --records 1 --dev '' --record few --budget-usd 100 --out x.jsonl || echo "exit $?"
echo "--- wrong usage"
for wrong in "--out x.jsonl" "--cmd x --out x.txt" "--cmd x" "--cmd x --endpoint y --out x.wsv" \
  "--replay kept --out x.wsv" "--cmd x --out x.wsv --below 0.5" "--cmd x --out x.wsv --samples 0" \
  "--cmd x --out x.wsv --budget-usd -1" "--cmd x --out x.wsv --min-agreement 2" \
  "--cmd x --record a --replay b --out x.wsv" "--cmd x --out x.wsv --server y"; do
  weaksup ask $wrong 2>&1 | head -n 1
done
echo "--- a command that fails"
weaksup ask --cmd 'echo "no model here" >&2; exit 7' --attempts 1 --out x.jsonl || echo "exit $?"
echo "--- replies without a label"
weaksup ask --cmd 'echo I would rather not say' --out x.wsv --dev '' || echo "exit $?"
ls x.wsv 2>/dev/null || echo nothing written
echo "--- nowhere to write to: nobody is asked"
for nowhere in "--out no/such/x.wsv" "--record r --out no/such/x.wsv" "--out x.wsv --dev-out no/such/x.wsv" "--out x.wsv/"; do
  : >../asked
  ask --records 2 $nowhere 2>&1 || echo "exit $?"
  asked
done
