# Why a record has its label: the terms add up to what labels.jsonl says.
weaksup fit "$SAMPLES/spam/lfs" -q --no-classifier --no-dev-gold --out run
weaksup explain run --id c002
echo
weaksup explain run --id c001
echo
for kind in lift hds mv weighted-mv dawid-skene one-coin ebcc; do
  weaksup fit "$SAMPLES/spam/lfs" -q --no-classifier --label-model $kind --out "$kind" 2>>warnings
  weaksup explain "$kind" --id c002 --json >why.json
  jq -r --slurpfile labels "$kind/labels.jsonl" '
    (.probs == ($labels[] | select(.id == "c002") | .probs)) as $same
    | .first as $a | .second as $b
    | ([.terms[].adds[$a]] | add) as $x | ([.terms[].adds[$b]] | add) as $y
    | (if .unit == "share" then .probs[$a] - .probs[$b]
       else (.probs[$a] | log) - (.probs[$b] | log) end) as $shown
    | "\(.label_model): \(.unit), \(.terms | map(.term) | unique | join(" ")), \(
        if ($x - $y - $shown) | fabs < 1e-9 then "adds up" else "does not add up" end)"' why.json
done
weaksup explain run --id nobody || echo $?
weaksup explain run || echo $?
weaksup explain nowhere --id 1 || echo $?
rm run/votes.wsv
weaksup explain run --id c002 || echo $?
# The votes of another file, one that the run never saw.
weaksup explain run --id c002 --votes hds/votes.wsv --json | jq -r '.id, .label'
printf 'id,subscribe,seller,label\nnew1,SPAM,SPAM,HAM\nnew2,,,\n' >new.csv
weaksup explain run --id new1 --votes new.csv
weaksup explain run --id new2 --votes new.csv --json | jq -c '[.label, .terms[].term] | unique'
weaksup label run --votes new.csv | head -1 | jq -c .probs.SPAM >label
weaksup explain run --id new1 --votes new.csv --json | jq .probs.SPAM | cmp - label && echo same
weaksup explain run --id new3 --votes new.csv || echo $?
printf 'id,nolf\n1,SPAM\n' >other.csv
weaksup explain run --id 1 --votes other.csv || echo $?
# What is missing in a run folder, or no file: an error, and nothing waits for ever.
cp -r hds gone && rm gone/label_model.json gone/manifest.json
weaksup explain gone --id c002 || echo $?
cp hds/manifest.json gone && weaksup explain gone --id c002 || echo $?
weaksup export run || echo $?
mkfifo run/votes.wsv gone/label_model.json
timeout 20 weaksup explain run --id c002 || echo $?
timeout 20 weaksup export gone || echo $?
timeout 20 weaksup label gone --votes new.csv || echo $?
rm gone/manifest.json gone/metrics.json && ln -s /dev/zero gone/metrics.json
mkfifo gone/manifest.json
timeout 20 weaksup analyze gone || echo $?
timeout 20 weaksup evaluate gone --votes new.csv || echo $?
rm gone/manifest.json && mkdir gone/manifest.json
weaksup predict gone --votes new.csv || echo $?
