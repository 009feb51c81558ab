# The doctor: what is wrong with labeling functions, and what changed against majority vote.
cat >votes.jsonl <<'END'
{"id":"a","votes":{"one":"SPAM","two":"SPAM","twin":"SPAM","all":"HAM"}}
{"id":"b","votes":{"one":"SPAM","twin":"SPAM","all":"HAM"}}
{"id":"c","votes":{"two":"SPAM","all":"HAM"}}
{"id":"d","votes":{"ham":"HAM","two":"SPAM","all":"HAM"}}
{"id":"e","votes":{"ham":"HAM","all":"HAM"}}
{"id":"f","votes":{"one":"SPAM","twin":"SPAM","all":"HAM"}}
{"id":"g","votes":{"one":"SPAM","two":"SPAM","twin":"SPAM","all":"HAM"}}
{"id":"h","votes":{"ham":"HAM","all":"HAM"}}
{"id":"i","votes":{"two":"SPAM","all":"HAM"}}
{"id":"j","votes":{"one":"SPAM","twin":"SPAM","all":"HAM"}}
END
for i in 1 2 3; do sed "s/\"id\":\"/&$i/" votes.jsonl; done >three.jsonl
weaksup fit --votes three.jsonl --classes HAM,SPAM,OTHER --no-classifier
weaksup analyze run
weaksup analyze run --json | jq -c '.doctor[] | [.kind, .severe, .lfs, .classes]'
weaksup analyze run --json | jq -c '.near_duplicates, .bootstrap_rounds'
jq -c '.changes' run/metrics.json
jq -c '.lfs[] | [.lf, (.sampling_interval | length), [.parameters[] | .class, .clamped]]' run/metrics.json
weaksup analyze three.jsonl --classes HAM,SPAM,OTHER --json | jq -S .doctor >live.json
weaksup analyze run --json | jq -S .doctor | cmp - live.json && echo the same
# Healthy.
(cd "$SAMPLES" && weaksup analyze household/lfs --no-dev-gold) 2>&1 | sed -n '/^doctor/,$p'
# A prior that the bounds of the lift hide.
weaksup fit -q --votes three.jsonl --classes HAM,SPAM,OTHER --no-classifier --prior all=0.9 2>&1 | grep prior
