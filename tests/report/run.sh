#!/bin/sh
# SPDX-License-Identifier: MIT
# The report in a real browser: run.sh PROGRAM FOLDER. FOLDER keeps axe-core, which npm fetches
# once, and gets screenshots of the pages, light and dark, wide and narrow. Needs chromium, chromedriver and python3, and npm for axe-core: what is missing is said, and
# the test counts as skipped (exit code 77).
set -eu
here=$(realpath "$(dirname "$0")")
program=$(realpath "$1")
mkdir -p "$2"
kept=$(realpath "$2")
axe=4.10.3

missing() {
  echo "skipped: $*" >&2
  exit 77
}
for tool in chromium chromedriver python3; do
  command -v $tool >/dev/null 2>&1 || missing "there is no $tool (sh .ci/install.sh ci)"
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin" "$scratch/pages"
cp -r "$here/../../samples" "$scratch/samples"
rm -rf "$scratch"/samples/*/.weaksup
ln -s "$program" "$scratch/bin/weaksup"
PATH="$scratch/bin:$PATH"
for sample in spam household; do
  (cd "$scratch/samples/$sample" && weaksup fit lfs -q --out "$scratch/$sample" &&
    weaksup report "$scratch/$sample" -q --out "$scratch/pages/$sample.html")
done
(cd "$scratch" && python3 "$here/hostile.py" && cd hostile && sh -eu ./make.sh "$scratch/pages")

core="$kept/node_modules/axe-core/axe.min.js"
if ! grep -q "axe v$axe" "$core" 2>/dev/null && command -v npm >/dev/null 2>&1; then
  npm install --prefix "$kept" --no-save --ignore-scripts --no-audit --no-fund --silent \
    "axe-core@$axe" >"$scratch/npm.log" 2>&1 || tail -3 "$scratch/npm.log" >&2
fi
[ -f "$core" ] || core=
mkdir -p "$kept/screenshots"
python3 "$here/check.py" "$scratch/pages" "$core" "$kept/screenshots"
[ -n "$core" ] || missing "there is no axe-core $axe: npm could not fetch it. All else was checked"
