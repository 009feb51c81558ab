#!/bin/sh
# SPDX-License-Identifier: MIT
# Memory of `apply LFS -` while records stream through it: stream.sh PROGRAM [RECORDS...], 1 M and
# 10 M without. Records are generated on the way. For each number a line
#   RECORDS records  RATE/s  parent KB  workers KB
# with peak resident memory, workers together, read when every vote is there and before the
# input ends. The rate has the generator and the reader of the votes beside it on the machine.
set -eu
program=$(realpath "$1")
shift
[ $# -gt 0 ] || set -- 1000000 10000000
scratch=$(mktemp -d)
weaksup=
trap '[ -z "$weaksup" ] || kill "$weaksup" 2>/dev/null || true; rm -rf "$scratch"' EXIT
cd "$scratch"

mkdir lfs
cat >lfs/a.lua <<'END'
function field.tokens(x) return words(x.lower) end
function lf.long(x) if #x.tokens > 19 then return A end end
function lf.check(x) if rx([[check\s+out]], "i"):test(x.text) then return A end end
function lf.fails(x) if x.lower:find("water oil", 1, true) then return x.nothing.more end end
function lf.made(x) if #(x.text .. x.id) % 7 == 0 then return B end end
lf.words = keywords(B, { "free", "number of" })
END
cat >lfs/b.rules <<'END'
subscribe A /\bsubscribe\b/i
order B /\boil\b.*\bwater\b/
END
mkfifo in out

generate() {
  awk -v count="$1" 'BEGIN {
    split("the of and to in is you that it for on are as with his they at be this have from or one had by word but not what all were we when your can said there use each which she do how check out my channel subscribe free oil water number people who time", w, " ")
    srand(1)
    for (i = 0; i < 5000; i++) {
      text[i] = ""
      for (n = rand() * 22; n > 0; n--) text[i] = text[i] w[int(rand() * 52) + 1] " "
    }
    for (i = 0; i < count; i++) print "{\"id\":\"r" i "\",\"text\":\"" text[i * 7919 % 5000] i "\"}"
  }'
}

# peak PID...: the sum of their peaks in KB.
peak() {
  for pid in "$@"; do grep VmHWM "/proc/$pid/status"; done | awk '{sum += $2} END {print sum}'
}

for count in "$@"; do
  start=$(date +%s.%N)
  "$program" apply lfs - --classes A,B --id id -q <in >out 2>/dev/null &
  weaksup=$!
  exec 3>in 4<out
  generate "$count" >&3 &
  sed -n "$count{p;q}" <&4 >last
  end=$(date +%s.%N)
  grep -q "\"r$((count - 1))\"" last || { echo "the last record has no answer" >&2; exit 1; }
  workers=$(cat "/proc/$weaksup/task/$weaksup/children")
  echo "$count $start $end $(peak "$weaksup") $(peak $workers)" |
    awk '{printf "%d records  %.0f/s  parent %d KB  workers %d KB\n", $1, $1 / ($3 - $2), $4, $5}'
  exec 3>&- 4<&-
  wait "$weaksup"
  weaksup=
done
