# Word vectors, matrices and the hidden layer, from the command line.
printf 'good 1 0 0.1\nfine 0.9 0.1 0\nbad -1 0 0.2\nawful -0.9 0.1 0\nfilm 0 1 0\n' >words.txt
(echo 5 3; cat words.txt) | gzip -n >words.vec.gz
cat >data.jsonl <<'END'
{"text": "a good film"}
{"text": "a bad film"}
{"text": "good good"}
{"text": "bad"}
END
cat >test.jsonl <<'END'
{"text": "a fine film", "label": "POS"}
{"text": "awful", "label": "NEG"}
END
printf 'good POS /good/\nbad NEG /bad/\n' >lfs.rules
fit="weaksup fit lfs.rules --classes NEG,POS --data data.jsonl"
# Unseen words are near seen ones; header and compression make no difference; prediction needs
# no file but the classifier.
$fit -q --features 'vectors(text,words.txt)' --out plain
$fit -q --features 'vectors(text,words.vec.gz)' --out packed
mv words.txt gone.txt
for run in plain packed; do weaksup predict $run --data test.jsonl >$run.jsonl; done
cut -c1-30 plain.jsonl
cmp plain.jsonl packed.jsonl
mv gone.txt words.txt
# The words in front are kept, and those of the data.
$fit -q --features 'vectors(text,words.txt)' --vector-words 1 --out few
weaksup predict few --data test.jsonl | cut -c1-30
# Another file under the same name is noticed by the cache, and so is another model.
sed 's/^fine 0.9/fine -0.9/' words.txt >other.txt && mv other.txt words.txt
$fit -q --features 'vectors(text,words.txt)' --out plain
weaksup predict plain --data test.jsonl | cut -c1-30
for seed in 1 1 2; do
  $fit -v -q --features 'vectors(text,words.txt)' --model mlp --hidden 4 --seed $seed --out mlp
  cksum <mlp/classifier.wsc | cut -c1-4 >>sums
done
uniq sums | wc -l | tr -d ' '
weaksup predict mlp --data test.jsonl | cut -c1-30
# Files that are malformed.
for line in 'dull 1' 'dull 1 2 3 4' 'dull 1 x 3' 'dull 1 NaN 3'; do
  (cat words.txt; echo "$line") >wrong.txt
  $fit --features 'vectors(text,wrong.txt)' || :
done
$fit --features 'vectors(text,nowhere.txt)' || :
$fit --features 'vectors(text)' || :
$fit --model tree || :
$fit --model mlp --hidden 0 || :
# Matrices: as many rows as records, for each file of records one.
matrix() { # NAME SHAPE NUMBER...
  printf '\223NUMPY\001\000v\000%-117s\n' \
    "{'descr': '<f4', 'fortran_order': False, 'shape': $2, }" >"$1"
  name=$1
  shift 2
  for number; do
    case $number in
    1) printf '\000\000\200\077' ;;
    -1) printf '\000\000\200\277' ;;
    0) printf '\000\000\000\000' ;;
    nan) printf '\000\000\300\177' ;;
    esac
  done >>"$name"
}
matrix data.npy '(4, 2)' 1 0 -1 0 1 0 -1 1
matrix test.npy '(2, 2)' 1 0 -1 0
$fit -q --features 'npy(data.npy)' --test test.jsonl --test-npy test.npy --out npy
weaksup predict npy --data test.jsonl --npy test.npy | cut -c1-30
weaksup evaluate npy --data test.jsonl --npy test.npy --json | jq .classifier.accuracy
weaksup predict npy --data test.jsonl >out || :
weaksup predict plain --data test.jsonl --npy test.npy >out || :
weaksup predict npy --data test.jsonl --npy data.npy >out || :
weaksup predict npy --data data.jsonl --npy test.npy >out || :
$fit --features 'npy(data.npy)' --test test.jsonl || :
$fit --features 'npy(test.npy)' || :
# The gold labels of dev are trained on, so they need their rows, too.
$fit --features 'npy(data.npy)' --dev test.jsonl || :
$fit -q --features 'npy(data.npy)' --dev test.jsonl --dev-npy test.npy --out npy
weaksup predict npy --data test.jsonl --npy test.npy | cut -c1-30
$fit -q --features 'npy(data.npy)' --dev test.jsonl --dev-npy test.npy --out npy --model mlp --hidden 2
weaksup predict npy --data test.jsonl --npy test.npy | cut -c1-30
$fit --features 'npy(data.npy)' --dev test.jsonl --dev-npy words.txt || :
$fit --features 'npy(data.npy) npy(data.npy)' || :
matrix bad.npy '(4, 2)' 1 0 -1 0 1 nan -1 1
$fit --features 'npy(bad.npy)' || :
matrix bad.npy '(8,)' 1 0 -1 0 1 0 -1 1
$fit --features 'npy(bad.npy)' || :
matrix bad.npy '(4, 2)' 1 0 -1
$fit --features 'npy(bad.npy)' || :
$fit --features 'npy(words.txt)' || :
$fit -q --features 'vectors(text,words.txt)' --out plain
weaksup export plain --to json || :
# A model of fastText, which is none of its text files; null inside of a vector and in its place.
printf '\272\026\117\057\014\000\000\000' >model.bin
$fit --features 'vectors(text,model.bin)' || :
printf '{"text":"good","v":[1,null]}\n{"text":"bad","v":null}\n' >holes.jsonl
weaksup fit lfs.rules -q --classes NEG,POS --data holes.jsonl --features 'vector(v)' || :
# Log ratios are of n-grams.
i=0
while [ $i -lt 200 ]; do
  echo "{\"text\":\"good\",\"v\":[1,$i],\"label\":\"POS\"}"
  echo "{\"text\":\"bad\",\"v\":[-1,$i],\"label\":\"NEG\"}"
  i=$((i + 1))
done >many.jsonl
weaksup train --labels many.jsonl --model logistic --features 'vector(v)' --out dense | grep "^classifier"
$fit --model auto || :
# What cannot be seen is shown by its number.
printf '{"text":"good \357\273\277","label":"POS"}\n{"text":"bad","label":"NEG"}\n' >marks.jsonl
weaksup train -q --labels marks.jsonl --features 'words(text,1)' --out marks
weaksup inspect marks | sed -n '/^POS/,$p' | awk '{ print $2 }' | sort
