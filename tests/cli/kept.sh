# Votes are kept between runs: what changed is run again, and nothing else. "of 8: 7" says that
# seven labeling functions were not run. After each edit the run is the same as without a cache.
mkdir task task/lfs && cd task
cat >weaksup.lua <<'END'
classes = { "HAM", "SPAM" }
data = "data.txt"
dev = "dev.jsonl"
END
cat >lfs/a.lua <<'END'
local names = set(lines "names.txt")
local function is_long(text) return #text > 12 end
function field.count(x) return #words(x.text) end
function lf.named(x) for w in x.text:gmatch("%a+") do if names[w] then return SPAM end end end
function lf.long(x) if is_long(x.text) then return HAM end end
function lf.few(x) if x.count < 2 then return HAM end end
function lf.plain(x) if x.text:find("win") then return SPAM end end
lf.listed = keywords(SPAM, lines "names.txt")
END
printf 'anna\nbob\n' >lfs/names.txt
printf 'prize SPAM /prize/i\nbye HAM /bye/\nfriend HAM @friends.txt\n' >lfs/b.rules
printf 'carl\n' >lfs/friends.txt
cat >data.txt <<'END'
win a prize
bye carl
hello anna and bob
one
you win again and again
a long line without anything
END
echo '{"text":"win a prize","label":"SPAM"}' >dev.jsonl
echo '{"text":"bye carl","label":"HAM"}' >>dev.jsonl

number() { sed -n "s/.*\"$1\": \([a-z0-9]*\).*/\1/p" run/manifest.json | tr '\n' ' '; }
same() { # as the run without a cache
  weaksup fit -q "$@" --no-cache --out plain
  for file in votes.wsv label_model.json labels.jsonl classifier.wsc metrics.json; do
    cmp run/$file plain/$file
  done
}
fit() {
  what=$1
  shift
  weaksup fit -q "$@" --out run || echo "exit $?"
  echo "$what: of 8, on data and dev: $(number cached_lfs), classifier: $(number classifier_cached)"
  same "$@"
}

fit first lfs
fit again lfs
fit "the same from another folder's view" ./lfs/
sed -i 's/win/winning/' lfs/a.lua && fit "one function" lfs
sed -i 's/winning/win/' lfs/a.lua && fit "back again" lfs
sed -i 's:/prize/:/prizes?/:' lfs/b.rules && fit "one rule" lfs
sed -i '1i -- a comment\n' lfs/a.lua && fit "a comment" lfs
mv lfs/b.rules lfs/0.rules && fit "a file's name" lfs
echo 'dora' >>lfs/names.txt && fit "a word list of two" lfs
echo 'hello' >>lfs/friends.txt && fit "a word list of a rule" lfs
sed -i 's/> 12/> 10/' lfs/a.lua && fit "a local function" lfs
sed -i 's/return #words(x.text)/return #words(x.lower)/' lfs/a.lua && fit "a derived field" lfs
echo 'function lf.new(x) if x.count > 4 then return HAM end end' >>lfs/a.lua && fit "one more" lfs
sed -i '/lf.new/d' lfs/a.lua && fit "one less" lfs
fit "steps" lfs --lf-steps 500000
fit "the classifier's option" lfs --c 5
sed -i 's/"HAM", "SPAM"/"SPAM", "HAM"/' weaksup.lua && fit "the order of classes" lfs
sed -i 's/"SPAM", "HAM"/"HAM", "SPAM"/' weaksup.lua && fit "the first order" lfs
echo 'bye bye' >>data.txt && fit "data" lfs
gzip -k data.txt && fit "data, compressed" lfs --data data.txt.gz
fit "the dev set as data" lfs --data dev.jsonl
fit "the text under another name" lfs --dev '' --text body

echo "--- what is damaged is computed again"
for file in .weaksup/cache/*.cache; do echo x >>"$file"; done
fit longer lfs
for file in .weaksup/cache/*.cache; do truncate -s 30 "$file"; done
fit shorter lfs
for file in .weaksup/cache/*.cache; do rm "$file" && mkdir "$file"; done
fit "folders in their place" lfs
rm -r .weaksup
fit removed lfs

echo "--- where it lies"
ls -A .weaksup && cat .weaksup/.gitignore
fit "another folder" lfs --cache elsewhere
fit "another folder again" lfs --cache elsewhere
fit "without" lfs --no-cache
rm -r .weaksup && echo "a file" >.weaksup
fit "it cannot be" lfs
weaksup fit lfs -v --out run 2>&1 >/dev/null | grep -o '^weaksup: nothing is kept for the next run'
rm .weaksup
(cd lfs && weaksup apply . --out /dev/null && ls -A .. | grep weaksup && ls -A)
weaksup apply lfs/a.lua -v --out votes.wsv 2>&1 | grep kept
weaksup apply lfs -v --format jsonl --out /dev/null 2>&1 | grep kept
weaksup analyze lfs --json | grep cached_lfs
weaksup analyze lfs -v 2>&1 >/dev/null | grep kept

echo "--- standard input is not kept"
rm -r .weaksup
weaksup apply lfs - <data.txt --input-format text -v 2>&1 >/dev/null | grep kept
test -e .weaksup || echo "nothing is written"

echo "--- two at once"
weaksup fit -q lfs --out one & weaksup fit -q lfs --out run
wait
for file in votes.wsv label_model.json labels.jsonl classifier.wsc metrics.json; do
  cmp run/$file one/$file
done
same lfs
fit "after both" lfs

echo "--- votes that are there: the classifier is kept by its texts"
weaksup apply lfs --format jsonl --out votes.jsonl
paste -d '\n' votes.jsonl data.txt | while read -r votes && read -r text; do
  echo "$votes" | jq -c --arg text "$text" '. + {text: $text}'
done >with.jsonl
from() {
  what=$1
  shift
  weaksup fit -q --votes "$@" --out run 2>/dev/null || echo "exit $?"
  echo "$what, classifier: $(number classifier_cached)"
  weaksup fit -q --votes "$@" --no-cache --out plain 2>/dev/null
  for file in votes.wsv label_model.json labels.jsonl classifier.wsc metrics.json; do
    cmp run/$file plain/$file
  done
}
from "with their texts" with.jsonl
from "the same" with.jsonl
from "the texts beside them" votes.jsonl
sed 's/a prize/the prize/' data.txt >other.txt
from "other texts" votes.jsonl --data other.txt
from "the first ones" votes.jsonl
sed '1s/SPAM/HAM/' with.jsonl >voted.jsonl
from "other votes" voted.jsonl
from "no task file, and so no place" with.jsonl --classes HAM,SPAM
from "--cache" with.jsonl --classes HAM,SPAM --cache elsewhere
from "--cache again" with.jsonl --classes HAM,SPAM --cache elsewhere

echo "--- vote errors name the lines that there are now"
echo 'function lf.wrong(x) if x.text == "one" then return x.a.b end return HAM end' >>lfs/a.lua
fit "an error" lfs
fit "an error again" lfs
sed -i '1i \\' lfs/a.lua && fit "an error, moved" lfs
weaksup apply lfs --max-errors 0 --out votes.wsv; echo "exit $?"
weaksup apply lfs --max-errors 0 --out votes.wsv --no-cache; echo "exit $?"
