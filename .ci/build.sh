#!/bin/sh
# SPDX-License-Identifier: MIT
# A release build with one compiler, warnings being errors, and its share of the tests:
# build.sh gcc|clang. Each test runs under sanitizers (tests/run.sh) and in one release build:
# those of the program, and the slow and long ones, in gcc's, which is what is shipped; those
# of the libraries in clang's; samples and docs in both.
set -eu
cd "$(dirname "$0")/.."
cmake --preset "ci-$1"
cmake --build --preset "ci-$1"
case "$1" in
gcc) elsewhere='^unit$' ;;
*) elsewhere='^(cli|slow|long)$' ;;
esac
ctest --preset "ci-$1" -j "$(sh tests/jobs.sh)" -LE "$elsewhere"
