# 100,000 records, 1,200 labeling functions, 56 classes: nothing dense fits into 1 GB.
awk 'BEGIN {
  seed = 7
  for (i = 0; i < 100000; i++) {
    seed = (seed * 16807) % 2147483647; truth = seed % 56
    seed = (seed * 16807) % 2147483647; many = 3 + seed % 10
    row = ""
    for (v = 0; v < many; v++) {
      lf = (v * 97 + i * 31 + v * v * 7) % 1200
      seed = (seed * 16807) % 2147483647
      vote = seed % 10 < 7 ? truth : lf % 56
      if (!((i, lf) in seen)) row = row (row == "" ? "" : ",") "\"f" lf "\":" vote
      seen[i, lf] = 1
    }
    delete seen
    print "{\"votes\":{" row "},\"label\":" truth "}"
  }
}' >votes.jsonl
[ "${WS_SANITIZED:-0}" = 1 ] || ulimit -v 1048576 # the sanitizer maps far more than it uses
classes=$(seq -s, 0 55)
weaksup fit -q --votes votes.jsonl --classes "$classes" --label-model lift --out run
weaksup evaluate run --votes votes.jsonl --json | jq '.label_model | .n, .accuracy > 0.9'
# These votes look like annotators': a confusion matrix for each labeling function.
[ "${WS_SANITIZED:-0}" = 0 ] || { head -3000 votes.jsonl >few.jsonl && mv few.jsonl votes.jsonl; }
weaksup fit -q --votes votes.jsonl --classes "$classes" --out run 2>said || cat said
grep '"kind"' run/label_model.json
[ "$(wc -l <votes.jsonl)" = "$(wc -l <run/labels.jsonl)" ] && echo "a label each"
