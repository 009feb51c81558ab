# What fit says of a label model that loses to majority vote, and of words nobody chose.
{
  echo 'id,a,b,c'
  for i in $(seq 30); do printf 'x%s,A,A,A\ny%s,B,B,B\nz%s,A,B,B\n' $i $i $i; done
} >votes.csv
dev() { # MAJORITY MODEL BOTH: so many records with the gold that each of them has right
  echo 'id,a,b,c,label'
  for i in $(seq $1); do echo "m$i,A,B,B,B"; done
  for i in $(seq $2); do echo "l$i,A,B,B,A"; done
  for i in $(seq $3); do echo "b$i,A,A,A,A"; done
}
fit() {
  weaksup fit --votes votes.csv --classes A,B --label-model weighted-mv --prior a=0.95 \
    --prior b=0.55 --prior c=0.55 "$@"
}
says() { # M L B
  dev $1 $2 $3 >dev.csv
  fit --dev dev.csv >out 2>err
  sed -n '/right more often/,/^$/p' out; weaksup analyze run | grep -A 1 'not certain'
  grep 'less often' err
  tail -n 1 out
  weaksup analyze run --json | jq -c '.doctor[] | select(.kind == "below_majority") | .severe, .figures'
}
echo '# Much worse: a warning'
says 12 1 8
echo '# Little worse: a remark'
says 3 2 20
echo '# As good, and better: nothing'
says 2 2 20
says 1 9 9
echo '# Gold labels of the data, where dev has none'
dev 12 1 8 >gold.csv
weaksup fit --votes gold.csv --classes A,B --label-model weighted-mv --prior a=0.95 \
  --prior b=0.55 --prior c=0.55 --out own 2>/dev/null | grep -A 1 'right more often'
echo '# Test has the last word, unless it is small'
dev 12 1 8 >dev.csv
dev 1 9 30 >test.csv
remarks() {
  fit --dev dev.csv --test $1 --out tested -q 2>/dev/null
  weaksup analyze tested --json | jq -c '.doctor[] | select(.kind == "below_majority") | .severe, .what'
}
remarks test.csv
dev 9 8 30 >test.csv
remarks test.csv
dev 0 4 0 >test.csv
remarks test.csv
echo '# Not without votes that the model learned: then it is not its doing'
dev 12 1 8 >whole.csv
cut -d , -f 1-3,5 whole.csv >lacks.csv
weaksup fit -q --votes votes.csv --classes A,B --label-model weighted-mv --prior a=0.95 \
  --prior b=0.55 --prior c=0.55 --test lacks.csv --out tested 2>&1 | grep 'less often'
weaksup analyze tested --json | jq -c '.doctor[] | select(.kind == "below_majority") | .what'
echo '# Cross-fitted: what is said are the scores'
cd "$SAMPLES/spam"
sed -i '/^ *test *=/d' weaksup.lua
weaksup fit lfs --label-model hds --no-classifier --json 2>/dev/null >m.json
jq -c '.scores.dev | .cross_fitted, .label_model.accuracy < .majority_vote.accuracy' m.json
jq -c '(.scores.dev | .label_model.accuracy, .majority_vote.accuracy), (.doctor[] | select(.kind == "below_majority") | .figures | .label_model, .majority_vote)' m.json
echo '# Placeholders of init'
cd ..
weaksup init new --data spam/data/train.jsonl --classes HAM,SPAM --gold '' -q
weaksup fit new/lfs --no-classifier --out run | tail -n 1
sed -i '/PLACEHOLDERS/d' new/lfs/first.rules new/lfs/first.lua new/lfs/words_HAM.txt
weaksup fit new/lfs --no-classifier --out run | tail -n 1
sed -i '/PLACEHOLDERS/d' new/lfs/words_SPAM.txt
weaksup fit new/lfs -q --no-classifier --out run
weaksup init gold --data spam/data/train.jsonl -q
weaksup fit gold/lfs -q --no-classifier --out run
echo '# Gold labels in the data tell how good it is; not those that chose the words'
weaksup fit gold/lfs --no-classifier --out run 2>/dev/null | sed -n '/^gold labels/p; /^next/,$p'
weaksup fit spam/lfs --data spam/data/train.jsonl --no-classifier --dev '' --test '' --out run | sed -n '/^gold labels/p; /^next/,$p'
sed 's/, *"label": *"[A-Z]*"//' spam/data/train.jsonl >nogold.jsonl
sed 's/"id":"/"id":"d/' spam/data/test.jsonl spam/data/train.jsonl >large.jsonl
weaksup init chosen --data nogold.jsonl --dev large.jsonl -q
(cd chosen && weaksup fit lfs 2>/dev/null | grep 'did not see')
cd ..
echo '# One class for all records would be as good'
for i in $(seq 200); do
  w=word; [ $((i % 2)) = 0 ] && w=other
  l=B; [ $((i % 4)) -lt 3 ] && l=A
  echo "{\"id\":\"$i\",\"text\":\"$w thing $((i * 7 % 61))\",\"label\":\"$l\"}"
done >one.jsonl
sed 's/,"label.*/}/' one.jsonl >bare.jsonl
mkdir wrong && printf 'w A /word/\no B /other/\n' >wrong/r.rules
weaksup fit wrong --classes A,B --data bare.jsonl --test one.jsonl 2>&1 |
  grep 'always saying' -A 3
weaksup analyze run --json | jq -c '.doctor[] | select(.kind | test("frequent")) | .kind, .classes, .figures.records'
echo '# Words that labels of the data chose were chosen by dev, too, where it has the same records'
guarded() { # DEV [OPTION...]
  weaksup fit "$SAMPLES/gold/lfs" --dev "$@" --no-classifier --out run 2>&1 |
    sed "s|$SAMPLES|SAMPLES|g" | grep 'chose the words\|^cross\|^label model\|gold labels of .* dev' | cut -c 1-160
}
head -n 40 "$SAMPLES/spam/data/train.jsonl" >part.jsonl
guarded part.jsonl
echo '-- by their texts, without ids'; guarded part.jsonl --id ''
echo '-- the same file'; guarded "$SAMPLES/spam/data/train.jsonl"
echo '-- other records'; guarded "$SAMPLES/large.jsonl"
echo '-- not asked'; guarded part.jsonl --no-dev-gold
