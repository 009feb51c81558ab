# A folder of labeling functions that is not there, where another one is: nobody is asked.
. "$(realpath "$SAMPLES/../tests")/support/planted_task.sh"
planted_task . 60 40 2
printf '```rules\nclicks  SPAM  /click/\n```\n' >good
generate() {
  weaksup generate "$@" --cmd 'touch asked; cat good' --model stub --no-classifier --rounds 1 --quiet >table
  echo "exit $?"
  find . -type f \( -name asked -o -name '*.rules' -o -name report.json \) | sort
  rm -f asked table
}

echo "--- there is no other: the folder is made"
generate lfs
rm -r generated
echo "--- a slip in its name"
generate lfz
generate ./lfz/
generate lfs-new --dry-run
echo "--- no name at all, and the folder has another"
mv lfs rules
generate
echo "--- a run, data and what generate writes itself are no such folders"
rm -r rules
mkdir lft lfx && touch lft/manifest.json lfx/records.jsonl
generate lfs --out mine
generate lfs --out mine
rm -r mine generated lft lfx
echo "--- an empty one is meant where the names are alike"
mkdir lfs
generate lfz
echo "--- made first, it is a new one"
mkdir lfz
generate lfz
rm -r lfz lfs generated
echo "--- beside a task that is elsewhere"
mkdir -p task/lfs && mv weaksup.lua data task/
printf 'clicks SPAM /click/\n' >task/lfs/clicks.rules
generate --task task/weaksup.lua
