# Dev is a part of the data, as it mostly is: of the records that select none is in a prompt,
# neither as one of the data, nor as a hard one, nor as one that was wrongly voted for; in no round.
. "$(realpath "$SAMPLES/../tests")/support/planted_task.sh"
planted_task . 60 60 2
sed 's/, "label": "[A-Z]*"//; s/"text": "\(.\)/"text": " \1/' data/dev.jsonl >data/train.jsonl
planted_records 12 7 2 | sed 's/, "label": "[A-Z]*"//' >>data/train.jsonl
cat >reply <<'END'
```rules
clicks  SPAM  /click/
wrong   SPAM  /song|laugh/
```
END
weaksup generate lfs --model stub --rounds 4 --no-classifier --quiet --json \
  --cmd 'cat >prompt.$WEAKSUP_CHAT_SEED; cat reply' | grep '"dev_' | sed 's/^ *//'
grep -o '"text": "[^"]*"' data/dev.jsonl | cut -d '"' -f 4 | while read -r line; do
  cat prompt.* | grep -qF "$line<" && echo shown || echo hidden
done | sort | uniq -c | sed 's/^ *//'
ls prompt.*
echo "--- of what prompts may show: what the last round's rejected ones said"
grep -h 'voted' prompt.1 | grep -o '(.*, for which.*' | sort | uniq -c | sed 's/^ *//'
