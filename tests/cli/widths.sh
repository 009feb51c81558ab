# Tables on terminals of 80 and of 200 columns: no line is longer; of 60: no table is wider.
pseudo() { /usr/bin/python3 "$(dirname "$SAMPLES")/tests/terminal/pseudo.py" "$@"; }
cd "$SAMPLES/household"
weaksup fit lfs -q --label-model lift 2>/dev/null
weaksup train --labels data/test.jsonl --model logistic --out gold -q
for columns in 80 200; do
  for command in "evaluate run --data data/test.jsonl -v" "cv --labels data/test.jsonl --model logistic --folds 3" \
    "train --labels data/test.jsonl --test data/dev.jsonl --out trained" "inspect run" "inspect gold"; do
    echo "# $columns: $command"
    # without progress, and times
    NO_COLOR=1 pseudo $columns weaksup $command | sed -E 's/.*\x1b\[K//; /: [0-9.]+ s$/d' |
      tee shown | awk -v columns=$columns '{gsub(/[±µ]|…/, "."); if (length($0) > columns) print "too long: " $0}'
    sed -n '1,3p; /^gold/,/^$/p; /^training/,/^$/p' shown
  done
done
echo '# 60 columns: tables leave out what matters least'
weaksup fit lfs -q --label-model mv --out other 2>/dev/null
for command in "fit lfs --out run --label-model lift" "analyze run" "evaluate run --data data/test.jsonl -v" \
  "cv --labels data/test.jsonl --model logistic --folds 3" "diff run other" "next run --records 3" \
  "train --labels data/test.jsonl --test data/dev.jsonl --out trained" "next run --lfs 3" "explain run --id q0002"; do
  echo "# $command"
  NO_COLOR=1 pseudo 60 weaksup $command 2>/dev/null | sed -E 's/.*\x1b\[K//; /: [0-9.]+ s$/d' | tee shown |
    awk '{gsub(/±|µ|…/, "."); if (length($0) > 60 && /[^ ]  +[^ ]/ && !/^weaksup/) print "too long: " $0}'
  grep -A1 'no room' shown
done
echo '# Many classes: what is taken for what, in place of a matrix'
mkdir many
cd many
for i in $(seq 400); do echo "{\"text\":\"word$((i % 13)) and$((i % 7))\",\"label\":\"a class of many words $((i % 40))\"}"; done >many.jsonl
NO_COLOR=1 pseudo 80 weaksup cv --labels many.jsonl --model logistic --folds 2 | sed -E 's/.*\x1b\[K//' |
  awk 'length($0) > 80; /^most/ {on = 1} on' | head -n 3
