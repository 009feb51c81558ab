# Labels of records that were chosen, as `next` and `active` do, say nothing about how frequent
# the classes are: they do not count for the balance.
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
