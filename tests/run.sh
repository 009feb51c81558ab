#!/bin/sh
# SPDX-License-Identifier: MIT
# All tests, under AddressSanitizer and UndefinedBehaviorSanitizer: installs what is missing,
# builds, runs ctest. Arguments go to ctest: `sh tests/run.sh -R votes`. What is labelled "long"
# is for release builds: .ci/build.sh runs it.
set -eu
cd "$(dirname "$0")/.."

sh .ci/install.sh tests
cmake --preset asan
cmake --build --preset asan
ctest --preset asan -j "$(sh tests/jobs.sh)" -LE long "$@"
