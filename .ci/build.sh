#!/bin/sh
# SPDX-License-Identifier: MIT
# A release build with one compiler, warnings being errors, and all tests: build.sh gcc|clang.
# The long ones run with gcc only, the slow ones with sanitizers and gcc.
set -eu
cd "$(dirname "$0")/.."
cmake --preset "ci-$1"
cmake --build --preset "ci-$1"
long=
[ "$1" = gcc ] || long="-LE long|slow"
ctest --preset "ci-$1" -j "$(getconf _NPROCESSORS_ONLN)" $long
