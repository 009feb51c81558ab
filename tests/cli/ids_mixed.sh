# A row number, which is the id of a record without one, may be the id of another record.
cat >v.jsonl <<'E'
{"id":"1","votes":{"a":"A"}}
{"votes":{"a":"B"}}
{"id":"x","votes":{"a":"B"}}
{"id":2,"votes":{"a":"B"}}
E
fit() { weaksup fit -q --votes "$@" --classes A,B --no-classifier; echo "exit $?"; }
fit v.jsonl
fit v.jsonl --on-error skip
jq -c .id run/labels.jsonl
weaksup merge run/votes.wsv --out merged.wsv -q; echo "merge: exit $?"
sed 1d v.jsonl >later.jsonl
fit later.jsonl
jq -c .id run/labels.jsonl
sed 's/"2"/"0"/; s/:2,/:0,/' later.jsonl >first.jsonl
fit first.jsonl
