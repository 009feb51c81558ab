# Labels that cannot be trained on, and what is said of them.
try() {
  printf "$1" >"$2"
  shift
  file=$1
  shift
  weaksup train -q --labels "$file" "$@" --out run
  echo "exit $?"
} 2>&1
try '{"text":"x","label":null}\n' none.jsonl
try '{"text":"x","label":"a"}\n{"text":"y","label":"a"}\n' one.jsonl
try '{"text":"x","label":"spma"}\n' typo.jsonl --classes ham,spam
try '{"text":"x","label":"ham"}\n{"text":"x","label":3}\n' mixed.jsonl
try '{"text":"x","label":"ham"}\n{"text":"x","label":3}\n' range.jsonl --classes ham,spam
try '{"text":"x","probs":{"ham":0.5,"spam":0.4}}\n' sum.jsonl
try '{"text":"x","probs":{"ham":-0.5,"spam":1}}\n' negative.jsonl
try '{"text":"x","probs":{"ham":null,"spam":1}}\n' null.jsonl
try '{"text":"x","probs":{"ham":NaN,"spam":1}}\n' nan.jsonl
try 'text,label,p_ham,p_spam\nx,ham,nan,0.5\n' nan.csv
try 'text,label,p_ham,p_spam\nx,ham,,0.5\n' hole.csv
try '{"text":"x","probs":[0.5,0.5]}\n{"text":"x","probs":[1]}\n' lists.jsonl
try '{"text":"x","probs":{"ham":0.5,"egg":0.5}}\n' other.jsonl --classes ham,eggs
try '{"text":"x","probs":"ham"}\n' kind.jsonl
try '{"id":"1","label":"ham","probs":{"ham":0.5,"spam":0.5}}\n' textless.jsonl
try '{"title":"x","label":"ham"}\n' field.jsonl --text body
printf '{"id":"7","text":"x"}\n' >records.jsonl
try '{"id":"1","probs":{"ham":0.4,"spam":0.6}}\n' ids.jsonl --data records.jsonl --id id
weaksup train -q --out run 2>&1
weaksup train -q --labels none.jsonl --model tree 2>&1
weaksup train -q --labels none.jsonl --c 0 2>&1
weaksup train -q --labels none.jsonl --c auto --model mlp 2>&1
weaksup train -q --labels none.jsonl --log-ratios half 2>&1
weaksup train -q --labels none.jsonl --log-ratios on --model mlp 2>&1
try '{"text":"x","probs":{"ham":0.5,"spam":0.5}}\n' weak.jsonl --log-ratios on
weaksup fit . --c auto 2>&1
ls run 2>&1
echo "-- the text in another field"
printf '{"sentence":"a b","kind":"x"}\n{"sentence":"c d","kind":"y"}\n' >sentences.jsonl
weaksup train -q --labels sentences.jsonl --gold kind 2>&1
weaksup train -q --labels sentences.jsonl --gold kind --text phrase 2>&1
weaksup train -q --labels sentences.jsonl --gold kind --text sentence --out run && rm -r run
echo "-- scores that say nothing"
weaksup train -q --labels sentences.jsonl --gold kind --text sentence --test sentences.jsonl --out run 2>&1
weaksup train -q --labels sentences.jsonl --gold kind --features "category(kind) words(sentence)" --out run 2>&1
printf 'a x /a/\nc y /c/\n' >lfs.rules
weaksup fit lfs.rules -q --classes x,y --data sentences.jsonl --text sentence --gold kind --no-cache \
  --features "category(kind)" --out run 2>&1 | grep features
rm -r run
