# SPDX-License-Identifier: MIT
# The active loop with a command as oracle: whole, ended in the middle, wrong, slow.
cp -r "$SAMPLES/spam/." .
rm data/dev.jsonl
cat >answer.sh <<'END_OF_ORACLE'
#!/bin/sh
cat >record.json
echo >>asked.txt
[ ! -e kill.at ] || [ "$(wc -l <asked.txt)" -ne "$(cat kill.at)" ] || kill -9 "$(cat pid)"
sed 's/.*"label":"\([A-Z]*\)".*/\1/' record.json
END_OF_ORACLE
chmod +x answer.sh
active() { weaksup active lfs --oracle cmd --cmd "${oracle:-./answer.sh}" --batch 4 "$@"; }
count() { wc -l <"$1" | tr -d ' '; }

echo "-- whole: no dev set at first, a round for each batch, and the last one smaller"
active --budget 10
echo "asked $(count asked.txt), labels $(count data/dev.jsonl)"
mkdir kept && mv data/dev.jsonl run asked.txt kept

echo "-- killed while it is asked: the same labels and rounds, one question more for each time"
for at in 1 4 6 9; do
  echo "$at" >kill.at
  sh -c 'echo $$ >pid; exec weaksup active lfs --oracle cmd --cmd ./answer.sh --batch 4 --budget 10 -q' \
    >killed.txt 2>&1 || echo "ended with $?"
done
rm kill.at
active --budget 10 -q
echo "asked $(count asked.txt)"
cmp data/dev.jsonl kept/dev.jsonl && cmp run/active.jsonl kept/run/active.jsonl &&
  cmp run/labels.jsonl kept/run/labels.jsonl && echo same

echo "-- done: nothing is asked again; a larger budget goes on"
active --budget 10 -q
active --budget 12 -q
echo "asked $(count asked.txt), labels $(count data/dev.jsonl)"

echo "-- killed between the label and the journal: it is not asked again"
cp run/active.jsonl whole.jsonl
grep -v '"round":4' whole.jsonl | sed '$d' >run/active.jsonl
active --budget 12 -q
echo "asked $(count asked.txt), labels $(count data/dev.jsonl)"
cmp run/active.jsonl whole.jsonl && echo same

echo "-- a record that the journal has twice"
cp run/active.jsonl whole.jsonl
grep '"answer"' whole.jsonl | head -n 1 >>run/active.jsonl
active --budget 13 -q || echo "exit $?"
grep -v '"round":4' whole.jsonl | sed '$d' | sed 's/\({"row":[0-9]*,"id":"[^"]*"}\)\]/\1,\1]/' >run/active.jsonl
active --budget 13 -q || echo "exit $?"
cp whole.jsonl run/active.jsonl

echo "-- a long one is read in no time: here one of other records"
awk 'BEGIN { for (i = 0; i < 600000; i++) printf "{\"answer\":%d,\"id\":\"%d\",\"label\":null}\n", i * 7 + 1000, i }' >>run/active.jsonl
timeout 30 weaksup active lfs --oracle cmd --cmd ./answer.sh --budget 999999 -q || echo "exit $?"
cp whole.jsonl run/active.jsonl

echo "-- two at once"
weaksup active lfs --oracle cmd --cmd 'touch busy; sleep 60' --budget 13 -q 2>/dev/null &
until [ -e busy ]; do sleep 0.1; done
active --budget 13 -q 2>second || echo "exit $?"
sed "s/process $!/process NUMBER/" second
{ kill $!; wait $!; } 2>/dev/null
ls -d run.*

echo "-- half a line, as a power failure leaves"
printf '{"batch":[{"row"' >>run/active.jsonl
active --budget 12 -q && echo fine

echo "-- wrong: ended, and asked again when it is mended"
oracle='echo SPAN' active --budget 13 -q || echo "exit $?"
oracle='exit 3' active --budget 13 -q || echo "exit $?"
active --budget 13 -q
echo "labels $(count data/dev.jsonl)"

echo "-- nowhere to write to"
active --budget 14 --out no/such/run || echo "exit $?"

echo "-- slow"
oracle='sleep 100' active --budget 14 --timeout 1 --attempts 1 -q || echo "exit $?"

echo "-- nothing to say: passed over, and not asked again"
oracle='echo null' active --budget 14 -q
oracle='echo' active --budget 15 -q
tail -n 4 run/active.jsonl | cut -c 1-40
echo "labels $(count data/dev.jsonl)"

echo "-- a language model: it is shown the text, between markers, and may be wrong"
cat >model.sh <<'END_OF_MODEL'
#!/bin/sh
cat >prompt.txt
[ -e prompt1.txt ] || cp prompt.txt prompt1.txt
if grep -q http prompt.txt; then echo '{"label": "SPAM"}'; else echo 'It is ham, I think.'; fi
END_OF_MODEL
chmod +x model.sh
weaksup active lfs --oracle endpoint --cmd ./model.sh --model m --budget 6 --out by_model \
  --dev by_model.jsonl --record replies
grep -e WhatsApp -e author -e '"label":"SPAM"' prompt1.txt
grep -c '"label":null' by_model/active.jsonl
weaksup active lfs --oracle endpoint --replay replies --model m --budget 6 --out again \
  --dev again.jsonl -q 2>/dev/null
cmp by_model.jsonl again.jsonl && cmp by_model/labels.jsonl again/labels.jsonl && echo same

echo "-- a budget in USD, by the prices of the task"
cp weaksup.lua plain.lua
echo 'prices = { input = 1, output = 2 }' >>weaksup.lua
weaksup active lfs --oracle endpoint --cmd ./model.sh --model m --budget 6 --out priced \
  --dev priced.jsonl --budget-usd 0.0015 -q || echo "exit $?"
mv plain.lua weaksup.lua

echo "-- the curve in the report"
cp run/active.jsonl saved.jsonl
weaksup report run -q && grep -c 'Accuracy by gold labels' run/report.html
echo broken >run/active.jsonl
weaksup report run -q && grep -c 'Accuracy by gold labels' run/report.html
grep -o 'expected a line of the journal' run/report.html | head -n 1
cp saved.jsonl run/active.jsonl
weaksup fit lfs -q --dev data/dev.jsonl && cmp saved.jsonl run/active.jsonl && echo kept

echo "-- a batch at once"
oracle='jq -r .label' active --budget 10 --at-once --dev once.jsonl --out once -q
cmp once.jsonl kept/dev.jsonl && cmp once/labels.jsonl kept/run/labels.jsonl && echo same
oracle='jq -r .label | sed 1d' active --budget 14 --at-once --dev once.jsonl --out once -q || echo "exit $?"
count once.jsonl

echo "-- journals that do not fit"
active --budget 16 --dev other.jsonl || echo "exit $?"
sed 's/"id":"c/"id":"d/' run/active.jsonl >changed.jsonl && cp changed.jsonl run/active.jsonl
active --budget 16 2>&1 | sed 's/row [0-9]*/row N/' || echo "exit $?"
echo '{"x":1}' >run/active.jsonl
active --budget 16 || echo "exit $?"

echo "-- usage"
weaksup active lfs --oracle cmd --cmd true --budget 3 --dev data/test.jsonl || echo "exit $?"
weaksup active lfs --budget 3 || echo "exit $?"
weaksup active lfs --oracle cmd --budget 3 || echo "exit $?"
weaksup active lfs --oracle human --budget 3 || echo "exit $?"
weaksup active lfs --oracle cmd --cmd ./answer.sh || echo "exit $?"
