#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the snippets of a page in a scratch folder that has the samples: run.sh PROGRAM PAGE.
# ```sh blocks are run in their order; ```lua and ```rules blocks are labeling functions and are
# applied to the sample spam. Blocks in other languages, or none, are not run.
set -eu
program=$(realpath "$1")
page=$(realpath "$2")
samples=$(realpath "$(dirname "$0")/../../samples")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

blocks() {
  awk -v start="\`\`\`$1" '$0 == start {on = 1; next} /^```/ {on = 0} on' "$page"
}

mkdir "$scratch/bin" "$scratch/lfs"
cp -r "$samples" "$scratch/samples"
rm -rf "$scratch"/samples/*/.weaksup
ln -s "$program" "$scratch/bin/weaksup"
export PATH="$scratch/bin:$PATH"
cd "$scratch"
blocks sh >page.sh
blocks lua >lfs/page.lua
blocks rules >lfs/page.rules
echo run: $(wc -l <page.sh) lines of sh, $(cat lfs/page.* | wc -l) of labeling functions
sh -eux page.sh
if [ -s lfs/page.lua ] || [ -s lfs/page.rules ]; then
  printf 'prince\nthe doors\n' >lfs/artists.txt
  printf 'cash\nfree\n' >lfs/money.txt
  printf 'name,team,class\nann,red,HAM\nbob,blue,SPAM\n' >lfs/people.csv
  weaksup analyze lfs --classes HAM,SPAM --data samples/spam/data/train.jsonl --max-errors 0
  weaksup test lfs --classes HAM,SPAM
fi
