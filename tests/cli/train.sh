# A classifier from labels alone: gold, probabilistic, both; its run is one as others are.
i=0
: >gold.jsonl
while [ $i -lt 60 ]; do
  echo "{\"id\":\"s$i\",\"text\":\"win cash prize $i now\",\"label\":\"spam\",\"family\":\"f$((i / 3))\"}"
  echo "{\"id\":\"h$i\",\"text\":\"see you at lunch $i friend\",\"label\":\"ham\",\"family\":\"f$((i / 3))\"}"
  i=$((i + 1))
done >gold.jsonl
weaksup train --labels gold.jsonl --test gold.jsonl --out gold | grep -v "^classifier"
ls gold
echo '{"text":"cash prize for you"}' | weaksup predict gold --data - --probs none
echo '{"text":"cash prize for you"}' | weaksup predict gold/classifier.wsc --data - --probs none
weaksup evaluate gold --data gold.jsonl --json | jq -c '[.classifier.accuracy,.label_model,.confusion]'

echo "-- probabilities, and their labels that are no gold"
cat >weak.jsonl <<'END'
{"id":"a","text":"win cash","label":"spam","probs":{"ham":0.2,"spam":0.8}}
{"id":"b","text":"see you","label":"ham","probs":{"ham":0.9,"spam":0.1}}
{"id":"c","text":"nothing","label":null,"probs":{"ham":0.5,"spam":0.5},"votes":{}}
{"id":"d","text":"lunch","label":"ham"}
END
weaksup train --labels weak.jsonl --out weak | head -3
weaksup train --labels weak.jsonl --gold label --out weak | head -1
jq -c .labels weak/metrics.json

echo "-- CSV, numbers, lists"
weaksup predict weak --data weak.jsonl --format csv --id id >predicted.csv
weaksup train --labels predicted.csv --data weak.jsonl --id id --out again | head -2
printf '{"text":"one","label":0}\n{"text":"two","label":2}\n' >numbers.jsonl
weaksup train --labels numbers.jsonl --out numbers | sed -n 2p
printf '{"text":"one","probs":[0.1,0.9]}\n{"text":"two","probs":[1,0]}\n' >lists.jsonl
weaksup train --labels lists.jsonl --classes no,yes --out lists | head -2

echo "-- the same bytes for any number of threads"
weaksup train -q --labels gold.jsonl --out one -j 1
weaksup train -q --labels gold.jsonl --out four -j 4
cmp one/classifier.wsc four/classifier.wsc && cmp one/metrics.json four/metrics.json && echo same

head -20 gold.jsonl >some.jsonl
echo "-- log ratios: of 300 gold labels, or where they are wanted"
i=0
while [ $i -lt 3 ]; do cat gold.jsonl; i=$((i + 1)); done >many.jsonl
weaksup train --labels some.jsonl --out few --model logistic | grep "^classifier"
weaksup train --labels some.jsonl --out on --model logistic --log-ratios on | grep "^classifier"
weaksup train --labels many.jsonl --out many --model logistic | grep "^classifier"
weaksup train --labels many.jsonl --out off --model logistic --log-ratios off | grep "^classifier"
weaksup train -q --labels weak.jsonl --out weak
weaksup train -q --labels weak.jsonl --out weak_off --log-ratios off
cmp weak/classifier.wsc weak_off/classifier.wsc && echo same
jq -c .recipe.log_ratios few/metrics.json on/metrics.json many/metrics.json off/metrics.json weak/metrics.json
weaksup cv --json --labels gold.jsonl --model svm --log-ratios on >cv_on
weaksup cv --json --labels gold.jsonl --model svm >cv_usual
weaksup cv --json --labels gold.jsonl --model svm --log-ratios off >cv_off
cmp cv_off cv_usual && echo same
cmp -s cv_on cv_off || echo different

echo "-- the plain recipe compares nothing and weighs nothing, unless it is told to"
weaksup train --labels many.jsonl --out plain --recipe plain | sed -n '3,$p'
weaksup cv --json --labels gold.jsonl --recipe plain >cv_plain
weaksup cv --json --labels gold.jsonl --model logistic >cv_logistic
weaksup cv --json --labels gold.jsonl >cv_auto
cmp cv_plain cv_logistic && echo same
cmp -s cv_plain cv_auto || echo different
weaksup train -q --labels many.jsonl --out plain_told --recipe plain --model auto --log-ratios on
for run in plain off plain_told; do
  jq -c '[.recipe.log_ratios, (.choice.trials | length), .classifier.temperature]' $run/metrics.json
  weaksup predict $run --data some.jsonl | cksum >$run.sum
done
cmp plain.sum off.sum && echo same

echo "-- what only a run of fit has"
weaksup analyze one 2>&1
weaksup explain one --id 1 2>&1

echo "-- balanced: the rare class weighs as much as the frequent one"
grep spam gold.jsonl | head -12 >uneven.jsonl
grep ham gold.jsonl >>uneven.jsonl
weaksup train -q --labels uneven.jsonl --model logistic --class-weight balanced --out balanced
weaksup train -q --labels uneven.jsonl --model logistic --class-weight spam=3,ham=0.6 --out named
weaksup train -q --labels uneven.jsonl --model logistic --out unweighted
cmp balanced/classifier.wsc named/classifier.wsc && echo same
cmp -s balanced/classifier.wsc unweighted/classifier.wsc || echo different

echo "-- a hidden layer over n-grams is warned of"
awk 'BEGIN { s = 7
  for (i = 0; i < 80; i++) {
    printf "{\"label\":\"%s\",\"text\":\"", i % 2 ? "a" : "b"
    for (j = 0; j < 400; j++) { s = (s * 1103 + 12345) % 1000003; printf "w%d ", s }
    printf "\"}\n"
  } }' >wide.jsonl
weaksup train -q --labels wide.jsonl --model mlp --hidden 1 --features "words(text)" --out wide 2>&1

echo "-- weights: 0 leaves a record out"
awk 'NR <= 30 { sub(/}$/, ",\"w\":" (NR <= 20 ? 1 : 0) "}"); print }' gold.jsonl >zeros.jsonl
weaksup train -q --labels some.jsonl --model logistic --features "words(text)" --out some
weaksup train -q --labels zeros.jsonl --weight w --model logistic --features "words(text)" --out zeros
jq -c .classifier some/metrics.json zeros/metrics.json
sed 's/"w":1}/"w":-1}/' zeros.jsonl >negative.jsonl
weaksup train -q --labels negative.jsonl --weight w --out bad 2>&1; echo "exit $?"
weaksup train -q --labels some.jsonl --weight w --out bad 2>&1; echo "exit $?"
echo "-- hard: as if the most probable class were certain"
cat >soft.jsonl <<'END'
{"text":"win cash","probs":{"ham":0.3,"spam":0.7}}
{"text":"see you","probs":{"ham":0.9,"spam":0.1}}
{"text":"either of them","probs":{"ham":0.5,"spam":0.5}}
{"text":"win lunch","probs":{"ham":0.6,"spam":0.4}}
{"text":"nobody knows"}
END
sed 's/0\.3/0/;s/0\.7/1/;s/0\.9/1/;s/0\.1/0/;s/0\.6/1/;s/0\.4/0/;s/,"probs.*0\.5}//' soft.jsonl >certain.jsonl
sure() { weaksup train -q --recipe plain --out run "$@" && weaksup predict run --data soft.jsonl; }
sure --labels soft.jsonl >soft
sure --labels soft.jsonl --hard >hard
sure --labels certain.jsonl >certain
cmp hard certain && echo same
cmp -s hard soft || echo different
echo "-- uncovered: records without a label at the shares of those with one"
sed 's/"nobody knows"/&,"probs":{"ham":0.575,"spam":0.425}/' soft.jsonl >filled.jsonl
sure --labels soft.jsonl --uncovered >uncovered
sure --labels filled.jsonl >filled
cmp uncovered filled && echo same
cmp -s uncovered soft || echo different
# Slips in names are classes, too.
printf 'text,label\nwin,spam\ncash,spam\nsoon,Spam\nsee,ham\nyou,ham\neggs,hma\n' >slips.csv
weaksup train -q --labels slips.csv --out slips 2>&1
