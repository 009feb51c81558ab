# How generate ends otherwise than well: replies that hold nothing, or half of something; budgets;
# tasks without gold labels; what is asked of it that cannot be.
. "$(realpath "$SAMPLES/../tests")/support/planted_task.sh"
planted_task . 300 200 2
cat >good <<'END'
```rules
clicks  SPAM  /click/
```
```rules
family  HAM   /mother|dinner/
```
END
head -n 14 data/dev.jsonl >few.jsonl
fresh() { rm -rf lfs generated; }
generate() {
  case "$*" in *--rounds*) ;; *) set -- --rounds 2 "$@" ;; esac
  weaksup generate lfs --model stub --no-classifier "$@"
  echo "exit $?"
}

echo "--- no LF at all"
generate --cmd 'echo I am sorry, I cannot do that.'
find lfs generated -type f 2>/dev/null | sort
fresh
echo "--- nothing that was any good"
generate --cmd 'printf "\`\`\`rules\nwrong SPAM /song/\n\`\`\`"' --rounds 1
fresh
echo "--- nobody says what it is about"
sed -i '/^task_text\|^describe/w words' weaksup.lua
sed -i '/^task_text\|^describe/d' weaksup.lua
generate --dry-run >/dev/null
generate --dry-run --task-text 'Find advertising.' >/dev/null
cat words >>weaksup.lua
rm words
: >empty.md
printf '{{! nothing }}\n\n' >blank.md
generate --cmd 'touch asked' --template empty.md
generate --cmd 'touch asked' --template blank.md
printf '# Read me\n\nTen things.\n' >README.md
generate --cmd 'touch asked' --template README.md
printf '{{#if hard}}{{#each classes}}{{name}}{{/each}}{{/if}}\n' >late.md
generate --cmd 'touch asked' --template late.md
ls asked 2>&1
fresh
echo "--- an empty reply"
generate --cmd true
fresh
echo "--- cut in the middle"
generate --cmd 'head -n 5 good' --quiet --json | grep -A 6 '"name"' | grep '"name"\|"status"\|"reason"'
fresh
echo "--- what is asked twice is there already"
generate --cmd 'cat good'
fresh
echo "--- the command fails"
generate --cmd 'echo no such model >&2; exit 3'
find lfs generated -type f 2>/dev/null
echo "--- the second round fails: what the first one brought stays"
generate --cmd 'mkdir once 2>/dev/null && cat good'
find lfs generated -type f | sort
grep '"stopped"' generated/report.json
fresh
rmdir once
echo "--- a run that fails before any reply: the report is about that one"
generate --cmd 'exit 1' --quiet
grep '"stopped"\|"rounds"' generated/report.json
echo "--- what cannot be written is not told as accepted"
fresh
generate --cmd 'mkdir once 2>/dev/null && echo Sorry. || { rm -rf lfs; mkdir lfs; touch lfs/generated; cat good; }'
grep '"taken"\|"status"' generated/report.json
echo "--- nor is the reply lost, which is judged where it can be"
rm -r lfs once
generate --cmd "cat $(ls generated/reply-*)" --rounds 1 --quiet
ls generated/reply-* lfs/generated 2>&1
fresh
echo "--- what is proposed again is one line"
generate --cmd 'echo "~~~rules"; echo "wrong SPAM /song/"; echo "~~~"' --rounds 2 2>/dev/null
fresh
echo "--- nobody is asked before it is known that all can be written"
mkdir lfs && touch lfs/generated
generate --cmd 'touch asked'
generate --cmd 'touch asked' --out lfs/generated/deep/er
rm -r lfs && touch generated
generate --cmd 'touch asked'
rm generated && mkdir generated && touch generated/rejected
generate --cmd 'touch asked'
rm generated/rejected && mkdir generated/report.json
generate --cmd 'touch asked'
rm -r generated && ln -s nowhere generated
generate --cmd 'touch asked'
rm generated && touch record
generate --cmd 'touch asked' --record record
rm record; fresh
ls asked 2>&1
echo "--- told to stop in the second round"
weaksup generate lfs --model stub --quiet --cmd 'mkdir once 2>/dev/null && cat good || { touch second; sleep 60; }' &
until [ -e second ]; do sleep 0.1; done
kill -TERM $!
{ wait $!; } 2>/dev/null || echo "exit $?"
find lfs generated -type f | sort
grep '"stopped"' generated/report.json
fresh
rmdir once
echo "--- a budget for one round"
generate --cmd 'cat good' --budget-tokens 8000
fresh
echo "--- for none"
generate --cmd 'cat good' --budget-tokens 100
find lfs generated -type f 2>/dev/null
echo "--- not recorded"
mkdir empty
generate --replay empty
echo "--- no gold labels"
generate --cmd 'cat good' --dev ''
grep evidence lfs/generated/*
fresh
echo "--- unproven ones are taken where they are asked for"
generate --cmd 'cat good' --dev few.jsonl --rounds 1
fresh
generate --cmd 'cat good' --dev few.jsonl --rounds 1 --include-unproven
weaksup verify lfs
fresh
echo "--- elsewhere"
generate --cmd 'cat good' --rounds 1 --quiet --out new/accepted
find new -type f | sort
fresh
echo "--- the folder of LFs must not hold what is refused"
generate --cmd 'cat good' --out .
mkdir lfs && cp weaksup.lua lfs/
(cd lfs && weaksup generate . --task weaksup.lua --data ../data/train.jsonl --cmd 'cat ../good' --rounds 1; echo "exit $?")
fresh
echo "--- nor the one that is yet to be made, by whatever name"
printf '```rules\nclicks SPAM /click/\nwrong SPAM /song/\n```\n' >mixed
refused() {
  weaksup generate "$@" --cmd 'touch asked; cat mixed' --model stub --rounds 1 --quiet && echo "taken: $*"
  ls -d asked generated other 2>/dev/null
}
refused generated
refused ./other/../generated/
refused "$PWD/generated/" 2>said
sed "s|$PWD|HERE|g" said >&2; rm said
refused lfs --out generated
refused lfs --out generated/rejected/mine
refused generated/unproven --out mine
ln -s . here
refused here/generated
mkdir other; ln -s other generated
refused other
rm -r generated here other
echo "--- usage"
generate --n 0 --cmd true
generate --n 65 --cmd true
generate --kind perl --cmd true
generate
weaksup generate lfs --data missing.jsonl --cmd true || echo "exit $?"
weaksup generate good --cmd true || echo "exit $?"
printf 'line one\n{{tsak}}\n' >mine.md
generate --template mine.md --cmd true
echo "--- one class only: labels are judged, and no classifier"
fresh
printf '```rules\nclicks  SPAM  /click/\n```\n' >one
weaksup generate lfs --model stub --rounds 1 --cmd 'cat one'
echo "exit $?"
fresh
echo "--- one at a time"
fresh
mkfifo hold
weaksup generate lfs --model stub --quiet --rounds 1 --cmd 'touch first; cat hold good' >/dev/null &
until [ -e first ]; do sleep 0.1; done
weaksup generate lfs --model stub --rounds 1 --cmd 'cat good' 2>second
echo "exit $?"
sed "s/process $!/process NUMBER/" second >&2
mkdir other && cp weaksup.lua other/ # another task with the same LFs
for out in lfs/generated lfs/others; do
  weaksup generate lfs --task other/weaksup.lua --data data/train.jsonl --dev data/dev.jsonl --out $out --model stub --rounds 1 --cmd 'touch asked; cat good' 2>second
  echo "exit $?"
  sed "s/process $!/process NUMBER/" second >&2
done
ls -A asked other lfs 2>&1
rm -r other
echo >hold
wait $!
ls -A lfs/generated generated
echo "--- what a killed one leaves is removed"
fresh
rm first
weaksup generate lfs --model stub --quiet --rounds 2 --cmd '[ -e first ] || { touch first; exec cat good; }; touch second_round; exec cat hold' &
until [ -e second_round ]; do sleep 0.1; done
{ kill -9 $!; wait $!; } 2>/dev/null
echo >hold # its command ends
touch important
ln -s ../important generated/.candidates/link
ls -A generated
generate --cmd 'cat good' --rounds 1 --quiet
ls -A generated; ls important
rm -r generated; mkdir -p generated elsewhere; touch elsewhere/mine; ln -s ../elsewhere generated/.candidates
generate --cmd 'cat good' --rounds 1 --quiet
ls elsewhere
echo "--- an unproven file that was edited keeps its name; one that is not makes way"
fresh
generate --cmd 'cat good' --dev few.jsonl --rounds 1 --quiet
echo '# edited' >>generated/unproven/family.rules
generate --cmd 'cat good' --rounds 1 --quiet
find lfs generated -name '*.rules' | sort
fresh
generate --cmd 'cat good' --dev few.jsonl --rounds 1 --quiet
generate --cmd 'cat good' --rounds 1 --quiet
find lfs generated -name '*.rules' | sort
echo "--- names that something else has are left alone"
fresh
mkdir -p generated/unproven/clicks.rules generated/rejected/clicks.rules lfs/generated
ln -s nowhere lfs/generated/clicks.rules
mkfifo lfs/generated/family.rules generated/unproven/family.rules generated/rejected/family.rules
generate --cmd 'cat good' --quiet
find lfs generated | sort
