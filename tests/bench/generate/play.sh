#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints the next of some replies that a language model gave: play.sh FOLDER COUNTER. They are
# FOLDER/1.md, FOLDER/2.md and so on; COUNTER is a file that counts them.
set -eu
cat >/dev/null
count=$(($(cat "$2" 2>/dev/null || echo 0) + 1))
echo "$count" >"$2"
cat "$1/$count.md"
