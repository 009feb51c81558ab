# Labels of records that were chosen because unproven labeling functions vote on them, most of them
# for one class: what is good is proven by them, as the class is no more frequent for that.
. "$(realpath "$SAMPLES/../tests")/support/planted_task.sh"
planted_task . 900 24 2
cat >reply <<'END'
```rules
mother  HAM  /mother .*maybe/
dinner  HAM  /dinner .*laugh/
songs   HAM  /song .*dinner/
guess   SPAM  /cloud .*copper/
```
END
weaksup generate lfs --cmd 'cat reply' --model stub --rounds 1 --no-classifier --quiet
ls lfs/generated generated/unproven 2>/dev/null
mkdir -p lfs && echo 'wins SPAM /win/' >lfs/own.rules
for round in 1 2; do
  weaksup fit lfs --quiet --no-classifier
  weaksup next run --records 30 --unproven generated/unproven --out todo.jsonl --quiet >/dev/null
  label_planted todo.jsonl 900 2 | tee -a data/dev.jsonl | grep -c HAM
  weaksup generate lfs --judge generated/unproven --no-classifier --quiet --json |
    grep '"evidence"' | sed 's/; the log-loss.*//'
  ls lfs/generated generated/unproven 2>/dev/null
done
