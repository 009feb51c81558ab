# What is odd, hostile or ambiguous in what a classifier is trained on and made of.
labels() { printf "$1" >labels.jsonl; }
train() {
  weaksup train -q --labels labels.jsonl --out run "$@" 2>&1
  echo "exit $?"
}
echo "-- hidden units are no classes"
for i in $(seq 60); do
  echo "{\"text\":\"w$((i % 7))\",\"label\":\"$((i % 2))\",\"v\":[$((i % 2)),$i]}"
done >labels.jsonl
train --features 'vector(v)' --model mlp --hidden 1
weaksup inspect run | tail -2
train --hidden 3
train --model svm --hidden 3

echo "-- a file without an end"
weaksup inspect /dev/zero 2>&1

echo "-- balanced counts gold labels"
for i in $(seq 20); do
  echo "{\"text\":\"w$((i % 7))\",\"label\":\"$((i % 10 == 0))\"}"
done >labels.jsonl
train
cp run/classifier.wsc plain.wsc
train --class-weight balanced
cmp -s run/classifier.wsc plain.wsc && echo "the same"
cp run/classifier.wsc balanced.wsc
train --class-weight 0=0.555555555555555555,1=5
cmp run/classifier.wsc balanced.wsc

echo "-- probabilities, named and listed"
labels '{"text":"x","probs":{"b":0.5,"a":0.5}}\n{"text":"y","probs":[0.9,0.1]}\n'
train
train --classes a,b
labels '{"text":"x","probs":{"a":"much","b":0.5}}\n'
train

echo "-- ids where labels are expected"
seq 30000 | sed 's/.*/{"text":"t","label":"id-&"}/' >labels.jsonl
train

echo "-- names that would act on a terminal, or end a comment"
labels '{"text":"a \\u001b[31mred","label":"\\u001b[2J"}\n{"text":"b \\u202e","label":"*/ ??/ \\u202e"}\n'
train
sed 's/.u001b.2J/\\u200e[2J/' labels.jsonl >marks.jsonl
weaksup train --labels marks.jsonl --out run | grep classes:
weaksup inspect run | sed '1,/^training/d; s/[0-9.]*  //' | grep -e '\\' -e '^[^a-z]*$'
weaksup export run --to c-header --out run.h 2>&1
sed -n 3p run.h
grep -A 4 'class_names\[model' run.h
