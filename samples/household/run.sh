#!/bin/sh
# SPDX-License-Identifier: MIT
# The main job on this sample; expected/output.txt is what it prints. $1: where the run goes.
set -eu
run=$(realpath -m "${1:-run}")
cd "$(dirname "$0")"
weaksup fit lfs --out "$run"
