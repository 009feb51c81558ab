#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints the next of some replies that a language model gave: play.sh FOLDER COUNTER. They are
# FOLDER/1.md, FOLDER/2.md and so on; COUNTER is a file that counts them. FOLDER/prompts has the
# SHA-256 of each prompt that they answer; where the one now is another, COUNTER.drift says so.
set -eu
now=$(sha256sum | cut -d ' ' -f 1)
count=$(($(cat "$2" 2>/dev/null || echo 0) + 1))
echo "$count" >"$2"
then=$(sed -n "s/^$count  *//p" "$1/prompts")
[ "$now" = "$then" ] || echo "prompt $count: the reply was written to ${then:-none}, now it is $now" \
  >>"$2.drift"
cat "$1/$count.md"
