#!/bin/sh
# SPDX-License-Identifier: MIT
# Fuzzes one target with libFuzzer: sh tests/fuzz/run.sh TARGET [SECONDS [OPTION]...]
#
# Builds with the preset fuzz (clang). What it learns is kept in build/fuzz/work/TARGET, what it
# finds in build/fuzz/found/TARGET. OPTIONs are libFuzzer's; -help=1 lists them.
set -eu
cd "$(dirname "$0")/../.."
if [ $# -eq 0 ]; then
  echo "usage: sh tests/fuzz/run.sh TARGET [SECONDS [OPTION]...]" >&2
  echo "targets: $(ls tests/fuzz/corpus | tr '\n' ' ')" >&2
  exit 2
fi
target=$1
seconds=${2:-60}
shift
[ $# -eq 0 ] || shift
if [ ! -d "tests/fuzz/corpus/$target" ]; then
  echo "run.sh: no target '$target'" >&2
  exit 2
fi
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target "fuzz_$target" >/dev/null
work=build/fuzz/work/$target
found=build/fuzz/found/$target
mkdir -p "$work" "$found"
# Several targets write a file for each input: memory is much faster than a disk.
if [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ]; then
  TMPDIR=/dev/shm
  export TMPDIR
fi
dictionary=tests/fuzz/$target.dict
[ ! -f "$dictionary" ] || set -- "-dict=$dictionary" "$@"
exec "build/fuzz/tests/fuzz/fuzz_$target" "-max_total_time=$seconds" -max_len=1000 -timeout=20 \
  "-artifact_prefix=$found/" "$@" "$work" "tests/fuzz/corpus/$target"
