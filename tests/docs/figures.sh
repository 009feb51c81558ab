#!/bin/sh
# SPDX-License-Identifier: MIT
# Figures in docs and READMEs that come from what the samples print are those of
# samples/*/expected/output.txt, and those of the published sets are the same on all pages: figures.sh
set -eu
cd "$(dirname "$0")/../.."
bad=0

# score SAMPLE SET KIND COLUMN: a score as docs write it, .542; columns count behind the name.
score() {
  awk -v set="$2" -v kind="$3" -v column="$4" '$1 == set && index($0, set) == 1 {
    rest = $0
    sub("^" set " +", "", rest)
    if (index(rest, kind) != 1) next
    rest = substr(rest, length(kind) + 1)
    sub(/^ \(cross-fitted\)/, "", rest)
    split(rest, cells, " ")
    sub(/^0/, "", cells[column])
    print cells[column]
  }' "samples/$1/expected/output.txt"
}
# has PAGE TEXT: white space counts as one blank.
has() {
  tr -s ' \n' '  ' <"$1" | grep -qF -- "$2" && return
  echo "$1: expected '$2', as in samples/*/expected/output.txt"
  bad=1
}
row() { # SAMPLE KIND COLUMN...
  sample=$1 kind=$2
  shift 2
  printf '| %s |' "$kind"
  for column; do printf ' %s |' "$(score "$sample" test "$kind" "$column")"; done
}

for kind in "majority vote" "label model"; do
  has samples/household/README.md "$(row household "$kind" 2 3 5 9)"
done
has samples/household/README.md "$(row household classifier 2 3 5)"
household=$(score household test classifier 2)
[ -n "$household" ] || { echo "household: found no score of the classifier"; bad=1; }
has docs/classifier.md "where the classifier has $household on test; leaving out all gives $(score household dev classifier 2)"
has docs/export.md "| 100 % | 3e-8 | $household |"
recipe=$(sed -n '/^recipe:/,/^  The gold/p' samples/household/expected/output.txt | sed '$d' | tr -s ' \n' '  ')
has docs/classifier.md "${recipe% }"
has samples/spam/README.md "$(printf 'is right on %s (ties and records without votes counted evenly), the label model on %s, the classifier on %s.' \
  "$(score spam test 'majority vote' 2)" "$(score spam test 'label model' 2)" "$(score spam test classifier 2)")"

# accuracy SET: as docs/classifier.md has it.
accuracy() { sed -n "s/^| $1 | [0-9]* | \(\.[0-9]*\) |.*/\1/p" docs/classifier.md; }
for set in text_subj text_trec6 text_emotion text_banking77; do
  grep -q "^| $set | [0-9]* | 0$(accuracy $set) |" docs/training.md ||
    { echo "docs/training.md: expected 0$(accuracy $set) of $set, as in docs/classifier.md"; bad=1; }
done
exit $bad
