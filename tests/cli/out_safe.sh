# --out replaces nothing that other things are made from.
cd "$SAMPLES/spam"
weaksup fit lfs -q
cp -r . ../before
refused() {
  "$@" && echo "exit $?: $*"
}
refused weaksup next run --records 2 --out data/dev.jsonl
refused weaksup next run --records 2 --out data/train.jsonl
refused weaksup apply lfs --out data/test.jsonl
refused weaksup apply lfs --out ../spam/data/../data/dev.jsonl
refused weaksup export run --out data/train.jsonl
refused weaksup export run --to chat --out data/dev.jsonl
refused weaksup export run --to c-header --out weaksup.lua
refused weaksup predict run --data data/test.jsonl --out data/test.jsonl
refused weaksup report run --out data/dev.jsonl
refused weaksup report run --out "$(ls lfs/*.lua | head -n 1)"
refused weaksup export run --out run/votes.wsv
refused weaksup next run --records 2 --out "$(ls lfs/*.rules | head -n 1)" # --lfs adds to it
refused weaksup label run --votes run/votes.wsv --out run/labels.jsonl
rm -rf .weaksup ../before/.weaksup
diff -r . ../before && echo whole
# What is made again may be replaced, and what is not there is made.
for i in 1 2; do
  weaksup export run --out labels.csv && weaksup report run -q && weaksup apply lfs -q --out v.wsv
  weaksup predict run --data data/test.jsonl -q --out p.jsonl && echo fine
done
