#!/bin/sh
# SPDX-License-Identifier: MIT
# Formats the sources by .clang-format; with --check only tells what is not formatted.
set -eu
cd "$(dirname "$0")/.."
files=$(git ls-files '*.c' '*.h' '*.cpp')
if [ "${1:-}" = --check ]; then
  clang-format --dry-run --Werror $files
else
  clang-format -i $files
fi
