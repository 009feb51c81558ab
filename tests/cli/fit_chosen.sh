# Labels of records that were chosen, as `next` and `active` do, say nothing about how frequent
# the classes are: they do not count for the balance, of `fit`, `analyze` and `cv`.
cp -r "$SAMPLES/spam" spam
cd spam
balance() { weaksup fit lfs --no-classifier --test '' --quiet --class-balance dev --out "$@" && sed -n '/"class_balance": /,/\]/p' $1/label_model.json; }
echo "--- dev as it is"
balance plain
echo "--- with twenty of one class, and the same, chosen"
grep -m 20 '"SPAM"' data/test.jsonl >more
[ "$(wc -l <more)" = 20 ] || echo "too few"
cat data/dev.jsonl more >data/with.jsonl
balance with --dev data/with.jsonl
sed 's/^{/{"weaksup_chosen_by": "margin", /' more | cat data/dev.jsonl - >data/chosen.jsonl
balance chosen --dev data/chosen.jsonl
echo "--- nothing but these: they count"
balance all --dev more
sed 's/^{/{"weaksup_chosen_by": "margin", /' more >data/only.jsonl
balance only --dev data/only.jsonl
echo "--- analyze: with the chosen ones it is as with the balance of the others, which is even"
learned() { weaksup analyze lfs --json --quiet --no-cache "$@" | jq -c '[.. | .learned_accuracy? // empty]'; }
learned --dev data/chosen.jsonl --class-balance dev >chosen.out
learned --dev data/with.jsonl --class-balance dev >with.out
learned --dev data/chosen.jsonl --class-balance HAM=0.5,SPAM=0.5 >even.out
cmp chosen.out even.out && ! cmp -s chosen.out with.out && jq -c length chosen.out
echo "--- cv over dev: nothing but the mark differs, and the balance of the other folds with it"
sed 's/, *"label": *"[A-Z]*"//' data/train.jsonl >data/bare.jsonl
grep -c '"label"' data/bare.jsonl
folds() { weaksup cv lfs --data data/bare.jsonl --folds 3 --recipe plain --label-model lift --quiet --json "$@" | jq -c '.label_model | [.accuracy.mean, .log_loss.mean] | map(. * 1e4 | round)'; }
folds --dev data/with.jsonl
folds --dev data/chosen.jsonl
