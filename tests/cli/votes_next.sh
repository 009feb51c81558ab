# The next step for votes of another model: those on dev or test are not fitted to as if they
# were the data, and no run is replaced by one that was trained on what judges it.
cp -r "$SAMPLES/spam" task
for part in train dev test; do
  sed -n '/.*"id": *"\([^"]*\)".*"label": *"\([A-Z]*\)".*/s//\1,\2/p' task/data/$part.jsonl |
    awk -F, 'BEGIN { print "id,HAM,SPAM" } { s = $2 == "SPAM" ? 0.8 : 0.2; print $1 "," 1 - s "," s }' >$part.csv
done
head -n 40 task/data/train.jsonl >other.jsonl
head -n 41 train.csv >other.csv
bin=$(dirname "$(command -v weaksup)")
# FILE is the votes on the data.
follow() { PATH=$bin:/usr/bin:/bin sh -c "$(sed -n 's/.*: weaksup /weaksup /p' said | sed 's/FILE/train.wsv/')"; }

step() { # SCORES OPTION...
  scores=$1 && shift
  weaksup import-votes $scores.csv --name m --out $scores.wsv "$@" 2>said || echo "exit $?"
  sed -n 's/^weaksup: next: //p' said
}
for where in data dev test; do
  scores=$(echo $where | sed 's/data/train/')
  echo "-- $where"
  step $scores --task task/weaksup.lua --data ./task/data/$scores.jsonl
  follow >followed 2>&1 || sed -n '1,3p' followed
  jq -c '[.data.path, .dev.votes_path, .test.votes_path]' run/manifest.json
  rm -rf run
done
echo "-- neither"
step other --task task/weaksup.lua --data other.jsonl
echo "-- no data in the task: those of the command line"
step other --classes HAM,SPAM --data other.jsonl --id id
echo "-- a dev set that is not asked about is there for the fit all the same"
weaksup ask --cmd 'echo HAM' --model it --task task/weaksup.lua --dev '' --out it.wsv 2>/dev/null >said
sed -n '/^next/,$p' said
echo "-- without labeling functions"
rm -rf task/lfs
step test --task task/weaksup.lua --data task/data/test.jsonl
follow | sed -n '/^test/p'
