# A run as one page: its sections, what it says where texts, labeling functions or a classifier are
# missing, and that it is the same bytes each time.
count() { grep -o "$1" "$2" | wc -l | tr -d ' '; }
note() { grep -o '<p class="note">[^<]*' "$1" | sed 's/.*">//' || true; }
page() { echo "$2: $(count '<article' "$1") records, $(count 'class="words"' "$1") texts, $(count '<mark' "$1") matches"; }
cp -r "$SAMPLES/spam" spam && cd spam
weaksup fit lfs -q
weaksup report run
grep -o '<section id="[a-z]*"\|<h3 id="[a-z-]*"\|<table[^>]*>\|<svg class="[a-z ]*" role="img"' run/report.html | uniq -c
page run/report.html all
note run/report.html
# It names its style and its script by their hashes, and nothing else may be loaded.
grep -o 'Content-Security-Policy.*' run/report.html | sed 's/sha256-[^ ;"]*=/HASH/g'
grep -c '<script\|<style' run/report.html
grep -oE ' (src|href|style|on[a-z]+)="[^#][^"]*"' run/report.html | head
# The same bytes again, whatever the number of workers, and wherever it goes.
weaksup report run -q -j 1 -o one.html
weaksup report run -q -j 2 -o two.html
weaksup report run -o - >three.html
for other in one two three; do cmp run/report.html $other.html; done
weaksup report run -q --seed 7 -o other.html && ! cmp -s run/report.html other.html
weaksup report run -q --examples 2 --top 3 -o few.html
page few.html few
# Explanations add up to what `weaksup explain` says.
grep -A30 '<bdi>c002</bdi></h4>' run/report.html | grep -A2 '<tfoot>' | head -1 | grep -o '[0-9.]*</td><td class="tip">'
weaksup explain run --id c002 | tail -1
# Seen from elsewhere: what the run names lies beside it.
(cd .. && weaksup report spam/run -q -o far.html) && page ../far.html 'from elsewhere'
# A new run has no page of an old one.
weaksup fit lfs -q && ls run
# The browser.
mkdir bin
printf '#!/bin/sh\necho "opened $*" >opened; echo noise\n' >bin/xdg-open && chmod +x bin/xdg-open
PATH=$PWD/bin:$PATH weaksup report run -q --open && cat opened
printf '#!/bin/sh\nexit 3\n' >bin/xdg-open
PATH=$PWD/bin:$PATH weaksup report run --open
weaksup report run --open -o - || echo $?
weaksup report run --examples 0 || echo $?
# The labeling functions changed: texts without matches.
cp -r lfs kept && echo 'more HAM /x/' >>lfs/spam.rules
weaksup report run -q && page run/report.html 'other LFs' && note run/report.html
rm -r lfs && weaksup report run -q && page run/report.html 'no LFs' && note run/report.html
mv kept lfs
# The data changed, is gone, lies elsewhere.
cp data/train.jsonl kept.jsonl && echo '{"id":"new","text":"x"}' >>data/train.jsonl
weaksup report run && page run/report.html changed && note run/report.html
rm data/train.jsonl
weaksup report run -q && page run/report.html gone && note run/report.html
weaksup report run -q --data data/dev.jsonl && page run/report.html 'another file' && note run/report.html
weaksup report run -q --data kept.jsonl && page run/report.html elsewhere && note run/report.html
cp run/report.html moved.html
mv kept.jsonl data/train.jsonl
weaksup report run -q && cmp run/report.html moved.html
# Without a classifier.
weaksup fit lfs -q --no-classifier --out bare && weaksup report bare -q
grep -A1 'id="classifier-h"' bare/report.html | tail -1
page bare/report.html 'no classifier'
# Ready-made votes: without texts, with texts, with texts elsewhere, in each form.
weaksup apply lfs --out votes.wsv && weaksup apply lfs --out votes.csv
for votes in votes.wsv votes.csv; do
  weaksup fit --votes $votes -q --out votes --classes HAM,SPAM --id id --no-classifier
  weaksup report votes -q && page votes/report.html $votes && note votes/report.html
done
weaksup report votes -q --data data/train.jsonl && page votes/report.html 'with --data' && note votes/report.html
weaksup report votes -q --data data/dev.jsonl && page votes/report.html 'with dev' && note votes/report.html
printf 'item,worker,label\na,x,HAM\na,y,SPAM\nb,x,SPAM\nb,y,SPAM\n' >long.csv
weaksup fit --votes long.csv --votes-format long -q --out votes --classes HAM,SPAM --no-classifier
weaksup report votes -q && page votes/report.html long && note votes/report.html
# What is no run of labeling functions.
weaksup train --labels data/dev.jsonl --classes HAM,SPAM -q --out trained && weaksup report trained || echo $?
weaksup report nothing || echo $?
weaksup report || echo $?
weaksup report run -o no/such/folder.html || echo $?
cp bare/votes.wsv votes/votes.wsv && weaksup report votes || echo $?
echo '# The matrix says its numbers: in the cells, or of many labeling functions in a table'
cd "$SAMPLES/spam"
weaksup fit lfs -q --out few && weaksup report few -q
grep -c '<g class="[ocv][1-8]".*<text' few/report.html; grep -c 'details class="numbers"' few/report.html
cd ../household
weaksup fit lfs -q --out many && weaksup report many -q
grep -c '<g class="[ocv][1-8]".*<text' many/report.html; grep -c 'details class="numbers"' many/report.html
