# Records whose labels would decide about what generate could not prove.
. "$(realpath "$SAMPLES/../tests")/support/planted_task.sh"
planted_task . 400 30 2
cat >reply <<'END'
```rules
clicks  SPAM  /click/
cash    SPAM  /cash/
family  HAM   /mother|dinner/
laughs  HAM   /laugh/
wrong   HAM   /win/
rare    SPAM  /fox .*no 1/
```
END
weaksup generate lfs --cmd 'cat reply' --model stub --rounds 1 --no-classifier --quiet
ls lfs/generated generated/unproven generated/rejected
mkdir -p lfs && echo 'songs HAM /song/' >lfs/own.rules
weaksup fit lfs --quiet --no-classifier
weaksup next run --records 30 --unproven generated/unproven --out todo.jsonl | head -n 8 | sed 's/ *$//'
wc -l <todo.jsonl
for word in click cash 'mother\|dinner' laugh win; do echo "$word: $(grep -c "$word" todo.jsonl)"; done
weaksup next run --records 2 --unproven generated/unproven --json | grep '"by"\|"lf"\|"score"'
weaksup next run --records 99999999999 --unproven generated/unproven --out all.jsonl >/dev/null && grep -c . all.jsonl
echo "--- labelled, they decide; as they were chosen for that, the classes are as frequent as before"
judge() { weaksup generate lfs --judge generated/unproven --no-classifier --quiet --json "$@"; }
label_planted todo.jsonl 400 2 >>data/dev.jsonl
tail -n 1 data/dev.jsonl
judge >judged.json
grep '"evidence"' judged.json | cut -c 1-150
weaksup next run --records 30 --unproven generated/unproven --out todo.jsonl >/dev/null
label_planted todo.jsonl 400 2 >>data/dev.jsonl
judge | grep '"evidence"' | cut -c 1-150
ls lfs/generated generated/unproven generated/rejected
weaksup next run --records 5 --unproven generated/unproven | wc -l
echo '# edited' >>generated/unproven/rare.rules
weaksup generate lfs --judge generated/unproven --no-classifier
echo "--- the classes being known, more is certain"
weaksup next run --unproven generated/unproven --class-balance HAM=0.5,SPAM=0.5 | head -n 1 
judge --class-balance HAM=0.5,SPAM=0.5 | grep '"evidence"' | cut -c 1-150
find lfs/generated generated -name '*.rules' | sort
sed 's/=[0-9a-f]\{32\}/=HASH/g' lfs/generated/laughs.rules
weaksup verify lfs
echo "--- what cannot be"
weaksup generate lfs --judge generated/unproven --cmd 'cat reply' || echo "exit $?"
weaksup generate lfs --judge nothing || echo "exit $?"
weaksup next run --unproven generated/unproven --by margin || echo "exit $?"
weaksup next run --unproven nothing || echo "exit $?"
weaksup next run --unproven generated/unproven --dev '' || echo "exit $?"
