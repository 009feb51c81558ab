#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs every ```sh block of a page, in order, in a scratch folder that has the samples:
# run.sh PROGRAM PAGE. Blocks without a language are not run.
set -eu
program=$(realpath "$1")
page=$(realpath "$2")
samples=$(realpath "$(dirname "$0")/../../samples")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

ln -s "$samples" "$scratch/samples"
mkdir "$scratch/bin"
ln -s "$program" "$scratch/bin/weaksup"
awk '/^```sh$/ {on = 1; next} /^```/ {on = 0} on' "$page" >"$scratch/page.sh"
[ -s "$scratch/page.sh" ] || { echo "$page: no snippet"; exit 0; }
cd "$scratch"
PATH="$scratch/bin:$PATH" sh -eux page.sh
