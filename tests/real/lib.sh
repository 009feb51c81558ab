# SPDX-License-Identifier: MIT
# What the scripts of this folder share. `data` is the folder with the published data; without
# it a test is skipped, which ctest shows.
set -eu
program=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
data="$here/../../../shared/data"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

need() {
  [ -d "$data/$1" ] && return
  echo "skipped: no folder $1 in $data"
  exit 77
}

# at_least WHAT FOUND LEAST
at_least() {
  echo "$1: $2 (at least $3)"
  [ "$(jq -n "$2 >= $3")" = true ] && return
  echo "$1: expected at least $3, found $2" >&2
  exit 1
}
