#!/bin/sh
# SPDX-License-Identifier: MIT
# A release build with one compiler, warnings being errors, and all tests: build.sh gcc|clang.
set -eu
cd "$(dirname "$0")/.."
cmake --preset "ci-$1"
cmake --build --preset "ci-$1"
ctest --preset "ci-$1" -j "$(getconf _NPROCESSORS_ONLN)"
