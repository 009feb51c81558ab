# SPDX-License-Identifier: MIT
# The files of a run are found again from any folder, also where all was moved together.

say() { echo "== $*"; }
mkdir -p task/lfs other
cat >task/weaksup.lua <<'X'
classes = {"HAM", "SPAM"}
data = "../data.jsonl"
dev = "../dev.jsonl"
X
for i in 1 2 3 4 5 6 7 8; do
  echo "{\"text\": \"free money number $i\"}"
  echo "{\"text\": \"see you at $i\"}"
done >data.jsonl
for i in 1 2 3 4; do
  echo "{\"text\": \"free money $i now\", \"label\": \"SPAM\"}"
  echo "{\"text\": \"see you $i\", \"label\": \"HAM\"}"
done >dev.jsonl
cat >task/lfs/a.lua <<'X'
function lf.free(x) if rx([[\bfree\b]]):test(x.text) then return SPAM end end
function lf.see(x) if rx([[\bsee\b]]):test(x.text) then return HAM end end
X

look() {
  weaksup export "$1" --to huggingface 2>&1 | head -n 1 | cut -c 1-40
  weaksup next "$1" --records 1 >out.txt 2>&1 && echo next: found || cat out.txt
  weaksup report "$1" -o page.html -q && grep -q 'money number' page.html &&
    echo report: texts || echo report: none
  rm -f page.html out.txt
}
say fit, looked at from its own folder
weaksup fit task/lfs -q --task task/weaksup.lua --out task/run
look task/run
cd task
look run
cd run
look .
cd ../../other
look ../task/run

say fit into a folder beside, and from a folder within
cd ../task
weaksup fit lfs -q --out ../other/run
cd lfs
look ../../other/run
weaksup fit . -q --task ../weaksup.lua --out "$(cd .. && pwd)"/run2/
look ../run2

say all moved together
cd ../..
mkdir deep
mv task other data.jsonl dev.jsonl deep
cd deep/other
look run
look ../task/run

say another file of this name is not taken
mkdir ../lonely
cd ../lonely
mkdir task
echo '{"text": "not it"}' >data.jsonl
look ../task/run

say changed
cd ../other
echo '{"text": "one more"}' >>../data.jsonl
weaksup export run --to huggingface

say train
mkdir -p ../t
cd ..
weaksup train --labels dev.jsonl --test dev.jsonl -q --out t/run --classes HAM,SPAM
grep -o '"started_in": .*' t/run/manifest.json
