# A task with planted words, for tests of generate: `planted_task FOLDER RECORDS DEV SHARE` makes
# data/train.jsonl, data/dev.jsonl and weaksup.lua; one record in SHARE is SPAM. The numbers are
# those of a generator of its own: those of awk differ from one awk to another.
planted_task() {
  mkdir -p "$1/data"
  cat >"$1/weaksup.lua" <<'END'
classes = { "HAM", "SPAM" }
data = "data/train.jsonl"
dev = "data/dev.jsonl"
task_text = "Tell advertising from what people say to each other."
describe = { HAM = "people talk", SPAM = "somebody sells something" }
END
  planted_records "$2" 1 "$4" | sed 's/, "label": "[A-Z]*"//' >"$1/data/train.jsonl"
  planted_records "$3" 2 "$4" >"$1/data/dev.jsonl"
}

planted_records() {
  awk -v N="$1" -v seed="$2" -v share="$3" '
    function draw(n) { s = (s * 1103515245 + 12345) % 2147483648; return int(s / 65536) % n }
    function some(list, percent, words, n, i, out) {
      n = split(list, words, " ")
      for (i = 1; i <= n; i++) if (draw(100) < percent) out = out words[i] " "
      return out
    }
    BEGIN {
      s = seed
      for (i = 0; i < N; i++) {
        spam = draw(share) == 0
        text = some("stone river lamp green paper window seven cloud garden fox copper", 30)
        text = text some("win cash click visit", spam ? 40 : 3)
        text = text some("song mother dinner laugh", spam ? 3 : 40)
        text = text some("maybe", spam ? 55 : 45)
        printf "{\"text\": \"%sno %d\", \"label\": \"%s\"}\n", text, i, spam ? "SPAM" : "HAM"
      }
    }'
}

# `label_planted FILE RECORDS SHARE`: the lines of the file, all of them records of
# data/train.jsonl, with the labels that were planted.
label_planted() {
  planted_records "$2" 1 "$3" >planted.jsonl
  while read -r line; do
    text=$(echo "$line" | grep -o '"text": *"[^"]*"' | cut -d '"' -f 4)
    echo "${line%?}, $(grep -F "\"$text\"" planted.jsonl | grep -o '"label": "[A-Z]*"')}"
  done <"$1"
  rm planted.jsonl
}
