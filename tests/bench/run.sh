#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints how long the main jobs take and how much memory they use: run.sh PROGRAM [RUNS].
# Nothing here is a test: figures depend on the machine. Quote medians, and ratios of one run.
set -eu
program=$(realpath "$1")
runs=${2:-5}
data="$(realpath "$(dirname "$0")/../../..")/shared/data"
here=$(realpath "$(dirname "$0")/..")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# measure NAME UNITS COMMAND...: the median of the wall times, units a second, peak memory.
measure() {
  name=$1 units=$2
  shift 2
  "$@" >/dev/null 2>&1 # warms up
  for _ in $(seq "$runs"); do
    /usr/bin/time -f '%e %M' -o time.txt "$@" >/dev/null 2>&1
    cat time.txt
  done | sort -n | awk -v name="$name" -v units="$units" '
    {seconds[NR] = $1; if ($2 > memory) memory = $2}
    END {
      median = seconds[int((NR + 1) / 2)]
      rate = units && median > 0 ? sprintf("%.0f/s", units / median) : "-"
      printf "%-44s %7.2f s (%.2f-%.2f) %12s %8.0f MB\n", name, median, seconds[1],
        seconds[NR], rate, memory / 1024
    }'
}

awk 'BEGIN {
  split("the of and to in is you that it for on are as with his they at be this have from or one had by word but not what all were we when your can said there use each which she do how check out my channel subscribe free oil water number people who time", w, " ")
  srand(1)
  for (i = 0; i < 200000; i++) {
    text = ""
    for (n = 0; n < 22; n++) text = text w[int(rand() * 52) + 1] " "
    print "{\"id\":\"r" i "\",\"text\":\"" text "\"}"
  }
}' >records.jsonl
mkdir rules fifty thousand functions

# with_patterns COMMAND...: gives it the ten patterns as its last arguments.
with_patterns() {
  "$@" '\bsubscribe\b' 'check\s+out' 'https?:' '\bfree\b' 'channel\s+my' '\boil\b.*\bwater\b' \
    'number of' 'people (who|that)' '\d{3}' 'time[a-z]* to'
}

write_lfs() {
  i=0
  for pattern in "$@"; do
    i=$((i + 1))
    echo "r$i A /$pattern/i" >>rules/ten.rules
    printf 'function lf.f%d(x) if rx([[%s]], "i"):test(x.text) then return A end end\n' \
      "$i" "$pattern" >>functions/twenty.lua
    printf 'function lf.g%d(x) if x.lower:find("word %d", 1, true) then return B end end\n' \
      "$i" "$i" >>functions/twenty.lua
  done
}
with_patterns write_lfs

awk 'BEGIN {
  n = split("furnace heater tank boiler pilot anode toilet faucet drain clog leak breaker fuse outlet panel dimmer wire shingle gutter attic moss storm lawn mulch patio roach wasp bait nest pump filter algae jets dryer oven router", w, " ")
  srand(2)
  for (i = 0; i < 50; i++)
    printf "f%d A /\\b(%s|%s)(s|es|ing)?\\b.*\\b%s\\b|\\b%s %s\\b/i\n", i, w[int(rand() * n) + 1],
      w[int(rand() * n) + 1], w[int(rand() * n) + 1], w[i % n + 1], w[int(rand() * n) + 1] >"fifty/f.rules"
  for (i = 0; i < 1000; i++) {
    a = b = ""
    for (k = 0; k < 6; k++) {
      a = a sprintf("%c", 97 + int(rand() * 26))
      b = b sprintf("%c", 97 + int(rand() * 26))
    }
    printf "t%d A /\\b(%s|%s)s?\\b/i\n", i, a, b >"thousand/t.rules"
  }
}'
apply="$program apply --no-cache --classes A,B --data records.jsonl --id id --format jsonl"
measure "10 rules, 200,000 records, 1 worker" 200000 $apply rules -j 1
votes="$program apply --no-cache --classes A,B --data records.jsonl --id id --out x.wsv -j 1"
measure "10 rules, 200,000 records, 1 worker, to .wsv" 200000 $votes rules
measure "50 rules, 200,000 records, 1 worker, to .wsv" 200000 $votes fifty
measure "1,000 rules, 200,000 records, 1 worker, to .wsv" 200000 $votes thousand
measure "20 Lua functions, 200,000 records, 1 worker" 200000 $apply functions -j 1
measure "20 Lua functions, 200,000 records, 2 workers" 200000 $apply functions -j 2
if command -v taskset >/dev/null; then # parent and worker on the same core
  measure "  1 worker, all on one core" 200000 taskset -c 0 $apply functions -j 1
fi
i=0
mkdir idle
while [ $((i += 1)) -le 20 ]; do echo "function lf.f$i(x) end"; done >idle/twenty.lua
measure "  20 Lua functions that do nothing, 1 worker" 200000 $apply idle -j 1

# The same functions in Snorkel, where this Python has it: PYTHON=venv/bin/python run.sh ...
python=${PYTHON:-python3}
if "$python" -c 'import snorkel.labeling' 2>/dev/null; then
  with_patterns "$python" "$here/bench/peer_snorkel.py" records.jsonl | while read -r name rate; do
    printf '%-44s %33s/s\n' "  Snorkel's $name, the same functions" "$rate"
  done
else
  echo "skipped: Snorkel is not installed for $python"
fi

# What is kept between runs. measure_edit NAME N COMMAND...: measure with a new version of one
# rule of fifty before each run, none of which was there before; N is a number of its own.
measure_edit() {
  name=$1 first=$(($2 * runs))
  shift 2
  for i in $(seq "$runs"); do
    echo "edited A /number .{0,$((first + i))}of/i" >kept/lfs/edited.rules
    /usr/bin/time -f '%e %M' -o time.txt "$@" >/dev/null 2>&1
    cat time.txt
  done | sort -n | awk -v name="$name" '
    {seconds[NR] = $1; if ($2 > memory) memory = $2}
    END {
      printf "%-44s %7.2f s (%.2f-%.2f) %12s %8.0f MB\n", name, seconds[int((NR + 1) / 2)],
        seconds[1], seconds[NR], "-", memory / 1024
    }'
}
mkdir -p kept/lfs
head -100000 records.jsonl >kept/records.jsonl
head -29 fifty/f.rules | sed 's/^f/e/' >kept/lfs/e.rules
cp functions/twenty.lua kept/lfs
echo 'edited A /number of/i' >kept/lfs/edited.rules
printf 'classes = { "A", "B" }\ndata = "records.jsonl"\nid = "id"\n' >kept/weaksup.lua
one="$program apply kept/lfs --out x.wsv"
all="$program fit kept/lfs -q --out run"
measure "50 LFs, 100,000 records: apply, nothing kept" 0 $one --no-cache
measure "  apply, unchanged" 0 $one
measure_edit "  apply, one LF changed" 0 $one
measure "  fit without classifier, nothing kept" 0 $all --no-classifier --no-cache
measure "  fit without classifier, unchanged" 0 $all --no-classifier
measure_edit "  fit without classifier, one LF changed" 1 $all --no-classifier
measure "  fit, nothing kept" 0 $all --no-cache
measure "  fit, unchanged" 0 $all
measure_edit "  fit, one LF changed" 2 $all

if [ -d "$data/youtube" ]; then
  measure "youtube from text, 8 LFs: fit" 0 "$program" fit "$here/real/youtube/lfs" -q --no-cache \
    --data "$data/youtube/train.jsonl.gz" --out run
  measure "agnews24k from votes: fit with classifier" 0 "$program" fit -q \
    --votes "$data/agnews24k/valid.jsonl.gz" --classes 0,1,2,3 --out run
  measure "crowd_fact, 42,624 x 57: fit" 0 "$program" fit -q \
    --votes "$data/crowd_fact/all.jsonl.gz" --classes 0,1,2 --out run
else
  echo "skipped: no data in $data"
fi
