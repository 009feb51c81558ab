# Each command ends with the next step, whose command works when it is pasted where the user
# stands: here above a task whose folder has a blank in its name.
cp -r "$SAMPLES/spam" "my task"
rm -rf "my task/expected"
task="--task 'my task/weaksup.lua'"
head -n 200 "my task/data/train.jsonl" >few && mv few "my task/data/train.jsonl"
bin=$(dirname "$(command -v weaksup)")

# The step of what is run, and what becomes of it, without a browser and a terminal.
step() {
  echo "\$ $1"
  eval "$1" >said 2>&1 || echo "exit $?"
  command=$(awk '/^(weaksup: )?next: |^or: / {
    if (sub(/^.*: weaksup /, "weaksup ")) { print; exit }
    while ((getline) > 0) if (sub(/^  weaksup /, "weaksup ")) { print; exit } }' said)
  echo "  -> $command"
  case $command in
  '') ;;
  *annotate*) ;;
  *)
    PATH=$bin:/usr/bin:/bin sh -c "$(echo "$command" | sed 's/ --open$//')" >followed 2>&1 ||
      { echo "it fails:"; head -n 3 followed; }
    ;;
  esac
}

step "weaksup doctor 'my task/lfs'"
step "weaksup test 'my task/lfs'"
step "weaksup analyze 'my task/lfs'"
step "weaksup fit 'my task/lfs' --out 'a run'"
step "weaksup analyze 'a run'"
step "weaksup report 'a run'"
step "weaksup next 'a run' --records 3"
step "weaksup next 'a run' --records 3 --out todo.jsonl"
(cd "my task" && step "weaksup next '../a run' --records 3 --out todo.jsonl")
step "weaksup next 'a run' --lfs 3 --out 'my task/lfs/more.rules'"
step "weaksup evaluate 'a run' --data 'my task/data/test.jsonl'"
step "weaksup evaluate 'a run' --data 'my task/data/test.jsonl' -v"
step "weaksup fit 'my task/lfs' --label-model mv --out 'other run'"
step "weaksup diff 'a run' 'other run'"
step "weaksup diff 'a run' 'a run'"

echo '--- votes'
step "weaksup ask --cmd 'echo HAM' --model it $task --dev '' --out \"it's.wsv\""
sed -n '/.*"id":"\([^"]*\)".*/s//{"id":"\1","scores":{"HAM":0.2,"SPAM":0.8}}/p' "my task/data/train.jsonl" >scores.jsonl
step "weaksup import-votes scores.jsonl $task --out scores.wsv"
weaksup apply "my task/lfs" --shard 1/2 --out 1.wsv -q
weaksup apply "my task/lfs" --shard 2/2 --out 2.wsv -q
step "weaksup merge 1.wsv 2.wsv --out all.wsv"
step "weaksup merge --columns all.wsv scores.wsv --out both.wsv"
step "weaksup analyze both.wsv --classes HAM,SPAM"

echo '--- labels'
step "weaksup cv 'my task/lfs' --folds 3"
step "weaksup cv --labels 'my task/data/dev.jsonl' --model logistic"
step "weaksup train --labels 'my task/data/dev.jsonl' --model logistic --out trained"
step "weaksup train --labels 'my task/data/dev.jsonl' --test 'my task/data/test.jsonl' --out trained"
step "weaksup train --labels 'my task/data/dev.jsonl' --out trained"

echo '--- a run beside the task, as `init` says'
weaksup fit 'my task/lfs' --out 'my task/run' -q
step "weaksup doctor"
step "weaksup doctor 'my task/lfs'"
step "weaksup doctor $task"
step "weaksup analyze 'my task/lfs'"
step "weaksup cv 'my task/lfs' --folds 3"
step "weaksup import-votes scores.jsonl $task --out scores.wsv"
(cd 'my task' && step "weaksup doctor")

echo '--- a new task'
step "weaksup init 'new task' --data 'my task/data/test.jsonl'"

echo '--- nobody asked'
weaksup test "my task/lfs" -q
weaksup merge 1.wsv 2.wsv --out all.wsv -q
weaksup merge 1.wsv 2.wsv --out all.wsv --json | grep -c next
