# A test set may have a class that nobody trained on: which, where, and the way out are said.
i=0
while [ $i -lt 12 ]; do
  echo "{\"text\":\"how many $i\",\"label\":\"amount\"}"
  echo "{\"text\":\"who was $i\",\"label\":\"who\"}"
  i=$((i + 1))
done >dev.jsonl
{ cat dev.jsonl; printf '%s\n' '{"text":"what does cd stand for","label":"acronym"}' \
  '{"text":"where is it","label":"where"}' '{"text":"what is abc short for","label":"acronym"}'; } >test.jsonl
try() { echo "\$ $*"; "$@"; echo "exit $?"; }
try weaksup train --labels dev.jsonl --test test.jsonl --out run -q
[ -e run ] && echo "a run"
try weaksup train --labels dev.jsonl --test test.jsonl --out run -q --classes amount,who,acronym,where
weaksup evaluate run --data test.jsonl --json | jq -c .classifier.n
weaksup predict run --data test.jsonl | tail -n 1 | jq -c '.probs | keys'
try weaksup train --labels dev.jsonl --out run -q
try weaksup evaluate run --data test.jsonl

# A slip is no class.
sed '3s/amount/Amount/' dev.jsonl >slip.jsonl
try weaksup train --labels dev.jsonl --test slip.jsonl --out run -q
try weaksup evaluate run --data slip.jsonl

# Names that a list cannot hold, and more of them than are worth a list.
sed '3s/amount/so, many/' dev.jsonl >comma.jsonl
try weaksup train --labels dev.jsonl --test comma.jsonl --out run -q
awk '{ sub(/"label":"[a-z]*"/, "\"label\":\"class " NR "\""); print }' dev.jsonl >many.jsonl
try weaksup train --labels dev.jsonl --test many.jsonl --out run -q

# What is named is what is there.
try weaksup train --labels dev.jsonl --test test.jsonl --out run -q --classes amount,who
try weaksup train --labels dev.jsonl --test - --out run -q <dev.jsonl
# Another mistake is told as it is.
printf '%s\n' '{"text":"how many","label":"amount"}' '{"text":3}' >broken.jsonl
try weaksup evaluate run --data broken.jsonl
