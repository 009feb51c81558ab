#!/bin/sh
# SPDX-License-Identifier: MIT
# From nothing to labels: installs what is missing, builds weaksup, and runs the main job on
# samples/household.
set -eu
cd "$(dirname "$0")/.."

echo "Installing what is missing of compilers and libraries (Debian's packages; this may ask"
echo "for a password) ..."
sh .ci/install.sh build
echo "Building weaksup in build/release: a minute or two on two processors; build-log.tmp tells"
echo "how far it is ..."
cmake --preset release >build-log.tmp 2>&1 || { cat build-log.tmp; exit 1; }
cmake --build --preset release >build-log.tmp 2>&1 || { cat build-log.tmp; exit 1; }
rm -f build-log.tmp

program=build/release/cli/weaksup
echo "$program fit samples/household/lfs --out build/household"
echo
"$program" fit samples/household/lfs --out build/household
echo
echo "The results are in build/household:"
echo "  labels.jsonl       a probabilistic label for each question, and the votes behind it"
echo "  label_model.json   what was learned about each labeling function"
echo "  classifier.wsc     the classifier: $program predict build/household --data FILE"
echo "  metrics.json       the table and the scores above"
