#!/bin/sh
# SPDX-License-Identifier: MIT
# A release build with one compiler, warnings being errors, and its tests: build.sh gcc|clang.
# gcc's is what is shipped: it runs all tests; clang's those of the libraries, samples and docs.
set -eu
cd "$(dirname "$0")/.."
cmake --preset "ci-$1"
cmake --build --preset "ci-$1"
not=
[ "$1" = gcc ] || not='-LE ^(cli|slow|long)$'
ctest --preset "ci-$1" -j "$(sh tests/jobs.sh)" $not
