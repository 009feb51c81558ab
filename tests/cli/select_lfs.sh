# Labeling functions that gold shows to be no better than chance are left out, said, and
# passed over by all that looks at the run.
mkdir lfs
cat >lfs/a.rules <<'END'
pos   POS /good/
neg   NEG /bad/
wrong POS /bad|dull/
few   NEG /fine/
END
cat >weaksup.lua <<'END'
classes = {"NEG", "POS"}
data = "data.jsonl"
dev = "dev.jsonl"
END
jq -cn 'range(60) | . as $i | ["good","bad","dull bad","good fine"][$i % 4] |
  {text: "\(.) thing \($i % 7)"}' >data.jsonl
jq -cn 'range(24) | . as $i | ["good","bad","dull bad","good thing"][$i % 4] |
  {text: "\(.) item \($i % 5)", label: (if test("good") then "POS" else "NEG" end)}' >dev.jsonl
echo '{"text":"fine","label":"POS"}' >>dev.jsonl
weaksup fit lfs --select-lfs --no-cache >table
grep -e '^LF' -e '^wrong' -e 'left out' -e 'too good' table | cut -c 1-120
jq -c '.lfs[] | [.lf, .votes, .gold_votes, .gold_correct, .left_out]' run/metrics.json
jq -c '.options.select_lfs' run/manifest.json
echo "-- what looks at the run"
weaksup analyze run 2>&1 | grep -e 'left out' -e 'no record'
weaksup apply lfs --data dev.jsonl --out dev.wsv
weaksup label run --votes dev.wsv | head -2 | jq -c '.probs | map_values(. > 0.5)'
weaksup evaluate run --votes dev.wsv --json | jq -c '[.label_model.n, .label_model.accuracy]'
weaksup explain run --id 1 --votes dev.wsv --json | jq -c '[.terms[].lf]'
weaksup explain run --id 1 --json | jq -c '[.terms[].lf]'
echo "-- not asked for"
weaksup fit lfs -q --no-cache --out other
jq -c '[.lfs[] | .left_out], (.lfs[2].votes > 0)' other/metrics.json
echo "-- ready-made votes"
weaksup apply lfs --data data.jsonl --out data.wsv
weaksup fit --votes data.wsv --dev dev.wsv --classes NEG,POS --select-lfs -q --out ready
jq -c '[.lfs[] | .left_out != null]' ready/metrics.json
echo "-- cv: with the gold of the other folds"
weaksup cv lfs --folds 3 --select-lfs | grep -e 'left out' -e '^of the gold'
weaksup cv lfs --folds 3 --select-lfs --data dev.jsonl --json | jq -c '.gold_set, .left_out'
weaksup cv lfs --folds 3 --json | jq -c '.gold_set, .left_out'
echo "-- errors"
weaksup fit lfs --select-lfs --dev '' 2>&1
weaksup fit lfs --select-lfs --dev data.jsonl 2>&1
weaksup fit lfs --select-lfs --no-dev-gold 2>&1
weaksup cv --labels dev.jsonl --select-lfs 2>&1
echo 'wrong POS /bad|dull/' >lfs/a.rules
weaksup fit lfs --select-lfs 2>&1
weaksup cv lfs --folds 3 --select-lfs 2>&1
weaksup cv lfs --dev '' 2>&1
weaksup cv lfs --dev data.jsonl 2>&1
