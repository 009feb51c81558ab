# What predict writes, and from where it reads.
printf '{"text":"win cash now","label":"spam"}\n{"text":"see you soon","label":"ham"}\n{"text":"buy eggs","label":"shop"}\n' >l.jsonl
weaksup train -q --labels l.jsonl --out run
round() { jq -c 'if .probs then .probs |= map_values(. * 100 | round) else . end'; }
weaksup predict run --data l.jsonl | round
echo "-- the two most probable"
weaksup predict run --data l.jsonl --top-k 2 | round
echo "-- the label alone"
weaksup predict run --data l.jsonl --probs none
weaksup predict run --data l.jsonl --probs none --format csv
echo "-- not sure enough"
weaksup predict run --data l.jsonl --probs none --reject-below 0.99
echo "-- a threshold is enough, and is needed"
weaksup predict run --data l.jsonl --probs none --threshold 1=1
echo "-- what evaluate says of the same decisions"
weaksup evaluate run --data l.jsonl --threshold 1=1 | sed -n '/^at these/,$p'
weaksup evaluate run --data l.jsonl --reject-below 0.99 --json | jq -c .operating_point
weaksup evaluate run --votes l.jsonl --reject-below 0.99 2>&1 | head -1
weaksup evaluate run --data l.jsonl --threshold shop=2 2>&1 | head -1
echo "-- a line for a line"
mkfifo in
weaksup predict run --data - --probs none <in >out &
exec 3>in
echo '{"text":"win"}' >&3
i=0
while [ ! -s out ] && [ $i -lt 600 ]; do sleep 0.05; i=$((i + 1)); done
cat out
exec 3>&-
wait
echo "-- wrong usage"
for bad in "--top-k 1 --format csv" "--probs some" "--reject-below 2" "--threshold spam" \
  "--threshold spma=0.5" "--threshold spam=0"; do
  weaksup predict run --data l.jsonl $bad 2>&1 | head -1
done
weaksup predict run/metrics.json --data l.jsonl 2>&1
weaksup predict run --votes l.jsonl --top-k 2 2>&1 | head -1
