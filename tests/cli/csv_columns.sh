# In a CSV of votes a column called as a field is that field: no labeling function may be.
mkdir lfs
printf 'good A /good/\nlabel B /bad/\n' >lfs/a.rules
printf '{"text":"good"}\n{"text":"bad"}\n' >data.jsonl
apply() { weaksup apply lfs --classes A,B --data data.jsonl "$@"; echo "exit $?"; }
apply --format csv
apply --out votes.csv
apply --out votes.jsonl
weaksup fit -q --no-classifier --votes votes.jsonl --classes A,B
jq -c '[.votes, .label]' run/labels.jsonl
weaksup apply lfs --classes A,B --gold answer --format csv - <data.jsonl
printf 'text A /good/\n' >lfs/a.rules
apply --format csv
printf 'id A /good/\n' >lfs/a.rules
apply --format csv --id key
