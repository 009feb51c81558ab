#!/bin/sh
# SPDX-License-Identifier: MIT
# What commands print with --json, and the JSON files of a run, are as docs/schemas says:
# run.sh PROGRAM. Needs Python's jsonschema (python3-jsonschema).
set -eu
program=$(realpath "$1")
root=$(realpath "$(dirname "$0")/../..")
python=/usr/bin/python3
"$python" -c 'import jsonschema' 2>/dev/null || { echo "skipped: no python3-jsonschema" >&2; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -r "$root/samples" "$scratch"
mkdir "$scratch/bin"
ln -s "$program" "$scratch/bin/weaksup"
PATH="$scratch/bin:$PATH"
cd "$scratch"
bad=0
seen=

# NAME COMMAND...: what the command prints; it may fail.
says() {
  name=$1
  shift
  "$@" >"$name.json" 2>"$name.err" || true
  [ -s "$name.json" ] || { echo "$*: no output"; cat "$name.err"; bad=1; return; }
  check "$name" "$name.json"
}
check() { # NAME FILE [--lines]
  "$python" "$root/tests/schemas/validate.py" ${3:-} "$root/docs/schemas" "$1" "$2" || bad=1
  seen="$seen $1"
}

cat >broken.lua <<'END'
function lf.fails(x) if #x.text % 2 == 0 then error("no") end return SPAM end
function lf.wrong(x) return "NO CLASS" end
function lf.dead(x) end
function lf.same(x) if x.lower:find "my" then return SPAM end end
function lf.same_again(x) if x.lower:find "my" then return SPAM end end
--- @test "a" -> SPAM
function lf.tested(x) return HAM end
END
mkdir broken
mv broken.lua broken/
printf 'this is no Lua' >broken/bad.lua
cat >reply <<'END'
```lua
function lf.long_one(x) if #x.text > 60 then return 1 end end
```
```rules
digits  0  /\d/
bad     0  /(/
```
Text.
```python
```
END
for sample in spam household; do
  cd samples/$sample
  id=$(head -n 1 data/test.jsonl | sed 's/.*"id": *"\([^"]*\)".*/\1/')
  says fit weaksup fit lfs --json
  says fit weaksup fit lfs --json --no-classifier --label-model mv --out bare --dev ''
  says analyze weaksup analyze lfs --json
  says analyze weaksup analyze run --json
  says analyze weaksup analyze run/votes.wsv --json
  says test weaksup test lfs --json
  says try weaksup try lfs --text 'Check out my channel, 50% off' --json
  says evaluate weaksup evaluate run --data data/test.jsonl --json
  says evaluate weaksup evaluate run --data data/test.jsonl --reject-below 0.7 --json
  says evaluate weaksup evaluate run --votes run/votes.wsv --wrong 2 --json
  says evaluate weaksup evaluate run --data data/test.jsonl --wrong 3 --json
  says inspect weaksup inspect run --json
  says explain weaksup explain run --json --id "$(sed -n 5p run/labels.jsonl | sed 's/^{"id":"\([^"]*\)".*/\1/')"
  says train weaksup train --labels data/test.jsonl --test data/dev.jsonl --out trained --json
  says cv weaksup cv --labels data/test.jsonl --folds 3 --json
  says diff weaksup diff run bare --json
  sed 's/"label":[^,]*,//; s/"probs"/"scores"/; s/,"votes".*/}/' run/labels.jsonl >scores.jsonl
  says diff weaksup diff run run --json --fail-if 'accuracy < 0'
  says next weaksup next run --json --records 8
  says active weaksup active lfs --oracle cmd --cmd 'jq -r .label' --dev asked.jsonl --budget 3 --out looped --json
  says next weaksup next run --json --by margin --classifier
  says next weaksup next run --json --lfs 4
  says next weaksup next bare --json --lfs 4 --dev data/dev.jsonl
  says cv weaksup cv lfs --folds 2 --select-lfs --recipe plain --features "words(text,1)" --json
  says fit weaksup fit lfs --json --select-lfs --no-classifier --out selected
  says ask weaksup ask --cmd 'echo ABSTAIN' --records 5 --out asked.wsv --json
  says ask weaksup ask --cmd 'echo HAM' --dev '' --records 2 --price-in 1 --price-out 2 --out asked.wsv --json
  kind=rules
  [ $sample = spam ] || kind=lua
  says generate weaksup generate lfs --cmd 'cat ../../reply' --model stub --kind $kind --rounds 2 --json
  says generate weaksup generate lfs --cmd 'cat ../../reply' --dev '' --no-classifier --price-in 1 --price-out 2 --include-unproven --json
  says generate cat generated/report.json
  says generate weaksup generate lfs --judge generated/rejected --no-classifier --json
  mkdir undecided
  echo 'digits 0 /\d/' >undecided/a.rules
  says next weaksup next run --json --unproven undecided --dev data/dev.jsonl
  says report weaksup report run --json
  says report weaksup report bare --data nothing --json
  for form in labels huggingface chat preferences gbnf json-schema npy; do
    says export weaksup export run --to $form --out exported.$form.jsonl --json
  done
  says merge weaksup merge run/votes.wsv --out merged.wsv --json
  says import-votes weaksup import-votes scores.jsonl --out scores.wsv --json
  says import-votes weaksup import-votes scores.jsonl --bins 3 --out scores.wsv --json
  for run in run bare trained selected looped; do check manifest $run/manifest.json; done
  for model in auto hds mv weighted-mv dawid-skene one-coin ebcc; do
    weaksup fit lfs -q --label-model $model --no-classifier --out model --dev '' >/dev/null 2>&1
    check label_model model/label_model.json
  done
  check label_model run/label_model.json
  weaksup fit --votes run/votes.wsv -q --out from_votes --dev '' --test ''
  check manifest from_votes/manifest.json
  weaksup fit lfs --log-json --no-cache >/dev/null 2>events
  check events events --lines
  weaksup fit nothing --log-json >/dev/null 2>events || true
  check events events --lines
  check metrics run/metrics.json
  check metrics bare/metrics.json
  check label run/labels.jsonl --lines
  weaksup predict run --data data/test.jsonl --out p.jsonl -q
  check prediction p.jsonl --lines
  weaksup predict run --votes run/votes.wsv --out p.jsonl -q
  check prediction p.jsonl --lines
  weaksup predict run --data data/test.jsonl --probs none --out p.jsonl -q
  check prediction p.jsonl --lines
  weaksup apply lfs --out v.jsonl -q
  check votes v.jsonl --lines
  cd ../..
done
data=samples/spam/data/train.jsonl
says fit weaksup fit broken --classes HAM,SPAM --data $data --keep-going --json
says analyze weaksup analyze broken --classes HAM,SPAM --data $data --keep-going --json
says test weaksup test broken --classes HAM,SPAM --keep-going --json
says try weaksup try broken --classes HAM,SPAM --keep-going --text my --json
says train weaksup train --labels samples/household/data/test.jsonl --model svm --c auto --out t --json
says inspect weaksup inspect t --json
says cv weaksup cv samples/spam/lfs --data samples/spam/data/test.jsonl --json
mkdir generated
printf '# weaksup-generated: v1 | lf=a | status=unproven | round=1\n# model=m%%7C%%0A\n# tokens=3/0\n# header=7e52416f8996cedacc3fb04c61c3ee16 | source=001470f4df856cd7c009b9e76b1f486e\na SPAM /x/\n' >generated/a.rules
sed '$d' generated/a.rules >generated/edited.rules
sed 4d generated/a.rules >generated/damaged.rules
says verify weaksup verify generated --json
says verify weaksup verify samples/spam/lfs --json
says version weaksup version --json
says init weaksup init begun --data $data --json
says init weaksup init begun2 --data $data --gold '' --json
says doctor weaksup doctor --json
says doctor weaksup doctor broken --classes HAM,SPAM --data nothing --json
printf '{"id":"1","text":"a"}\nbad\n' | weaksup apply samples/spam/lfs - --on-error skip >v.jsonl 2>/dev/null || true
check votes v.jsonl --lines

# Every schema was used, and every command that has --json has one.
for schema in "$root"/docs/schemas/*.schema.json; do
  name=$(basename "$schema" .schema.json)
  case " $seen common " in *" $name "*) ;; *) echo "docs/schemas: $name was not used"; bad=1 ;; esac
done
for command in $(weaksup help | awk '/^  [a-z]/ && $1 != "help" {print $1}'); do
  weaksup help "$command" | grep -q -e ' --json ' || continue
  [ -f "$root/docs/schemas/$command.schema.json" ] || { echo "docs/schemas: none of $command"; bad=1; }
done
exit $bad
