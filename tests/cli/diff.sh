# What changed between two runs, and exit codes for scripts.
cd "$SAMPLES/spam"
weaksup fit lfs -q --out before
sed -i '/^subscribe /d; /@test .*[Ss]ub/d' lfs/*.rules
printf 'function lf.bangs(x) if x.text:find("!", 1, true) then return SPAM end end\n' >lfs/bangs.lua
weaksup fit lfs -q --out after
weaksup diff before after
weaksup diff before before | head -n 9
weaksup diff before after --json | jq -c '.flipped, .label_model.accuracy_difference, [.lfs[] | select(.flips > 0) | [.lf, .flips, .flips_by_vote]]'
echo '# Conditions'
weaksup diff before after -q --fail-if 'flipped > 0.5' --fail-if 'coverage<0'; echo "exit $?"
weaksup diff before after -q --fail-if 'label_model.accuracy < -0.01'; echo "exit $?"
weaksup diff before after -q --fail-if 'classifier.accuracy < -0.9' --fail-if 'log_loss > 0'; echo "exit $?"
weaksup diff before after --fail-if 'acuracy < 0'; echo "exit $?"
weaksup diff before after --fail-if 'accuracy'; echo "exit $?"
weaksup diff before after --fail-if 'accuracy < much'; echo "exit $?"
weaksup diff before after -q --fail-if 'label_model.log_loss.low > 0' --fail-if 'macro_f1.low > 0.9'; echo "exit $?"
weaksup diff before after -q --fail-if 'accuracy.high < -0.9'; echo "exit $?"
weaksup diff before after --fail-if 'coverage.low < 0'; echo "exit $?"
echo '# Without classifier, without gold, other classes, other records, no run'
weaksup fit lfs -q --out bare --no-classifier
weaksup diff before bare --data data/test.jsonl | tail -n 4
sed 's/, *"label": *[^,}]*//' data/train.jsonl >nogold.jsonl
weaksup fit lfs -q --out nogold --data nogold.jsonl --no-classifier
weaksup diff bare nogold -q --fail-if 'accuracy < 0'; echo "exit $?"
printf 'a,b\nX,Y\nY,Y\n' >v.csv
mkdir t
(cd t && weaksup fit --votes ../v.csv --classes X,Y --out ../xy -q)
weaksup diff before xy; echo "exit $?"
(cd t && printf 'id,a,b\np,HAM,SPAM\nq,SPAM,SPAM\n' >w.csv && weaksup fit --votes w.csv --classes HAM,SPAM --out ../other -q)
weaksup diff before other; echo "exit $?"
(cd t && weaksup fit --votes ../v.csv --classes Y,X --out ../yx -q)
weaksup diff xy yx; echo "exit $?"
weaksup diff before data; echo "exit $?"
weaksup diff before; echo "exit $?"
echo '# What was decided otherwise: said by diff, and by the fit that replaces a run'
weaksup fit lfs -q --out decided
weaksup diff before decided | sed -n '/^decided/,/^$/p'
weaksup diff decided before --json | jq -c '.decisions | map(.what)'
weaksup fit lfs --out decided --label-model mv --recipe plain --no-dev-gold | sed -n '/^recipe/,/^$/p'
weaksup diff before decided | sed -n '/^decided/,/^$/p'
weaksup diff before decided --json | jq -c '.decisions[] | select(.what == "classifier")'
weaksup fit lfs --out decided --label-model mv --recipe plain --no-dev-gold | sed -n '/^recipe/,/^$/p'
