#!/bin/sh
# SPDX-License-Identifier: MIT
# What needs a terminal, on one of its own: run.sh PROGRAM. Needs Python 3.
set -eu
command -v python3 >/dev/null || { echo "skipped: no python3" >&2; exit 77; }
exec python3 "$(dirname "$0")/annotate.py" "$1"
