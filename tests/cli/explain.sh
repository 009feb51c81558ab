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
