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

echo "-- half a line, as a power failure leaves"
printf '{"batch":[{"row"' >>run/active.jsonl
active --budget 12 -q && tail -n 1 run/active.jsonl | cut -c 1-11

echo "-- wrong: ended, and asked again when it is mended"
oracle='echo SPAN' active --budget 13 -q || echo "exit $?"
oracle='exit 3' active --budget 13 -q || echo "exit $?"
active --budget 13 -q
echo "labels $(count data/dev.jsonl)"

echo "-- slow"
oracle='sleep 100' active --budget 14 --timeout 1 --attempts 1 -q || echo "exit $?"

echo "-- nothing to say: passed over, and not asked again"
oracle='echo null' active --budget 14 -q
oracle='echo' active --budget 15 -q
tail -n 4 run/active.jsonl | cut -c 1-40
echo "labels $(count data/dev.jsonl)"

echo "-- journals that do not fit"
active --budget 16 --dev other.jsonl || echo "exit $?"
sed 's/"id":"c/"id":"d/' run/active.jsonl >changed.jsonl && cp changed.jsonl run/active.jsonl
active --budget 16 2>&1 | sed 's/row [0-9]*/row N/' || echo "exit $?"
echo '{"x":1}' >run/active.jsonl
active --budget 16 || echo "exit $?"

echo "-- usage"
weaksup active lfs --budget 3 || echo "exit $?"
weaksup active lfs --oracle cmd --budget 3 || echo "exit $?"
weaksup active lfs --oracle human --budget 3 || echo "exit $?"
weaksup active lfs --oracle cmd --cmd ./answer.sh || echo "exit $?"
