# Shards of the data, merged in any order, are the whole to the byte: votes, fit, labels.
parts() {
  for i in 1 2 3; do weaksup apply -q "$SAMPLES/spam/lfs" "$@" --shard $i/3 --out $i.wsv; done
}
weaksup apply -q "$SAMPLES/spam/lfs" --out whole.wsv
weaksup fit -q --votes whole.wsv --classes HAM,SPAM --no-classifier --out whole
parts
weaksup merge -o all.wsv 1.wsv 2.wsv 3.wsv
cmp whole.wsv all.wsv
weaksup merge -q -o all.wsv 3.wsv 1.wsv 2.wsv && cmp whole.wsv all.wsv
weaksup merge -q -o some.wsv 3.wsv 1.wsv && weaksup merge -q -o all.wsv 2.wsv some.wsv && cmp whole.wsv all.wsv
weaksup merge -q -o 1.wsv 1.wsv && weaksup merge -q -o all.wsv [123].wsv && cmp whole.wsv all.wsv
for j in 1 2 7; do
  weaksup fit -q -j $j --votes all.wsv --classes HAM,SPAM --no-classifier --out again
  for file in votes.wsv label_model.json labels.jsonl metrics.json; do cmp whole/$file again/$file; done
done
# The labels of a shard are the lines that the whole has, under the ids of the whole.
for i in 1 2 3; do weaksup label whole --votes $i.wsv --out $i.jsonl && cat $i.jsonl; done | sort >a
sort whole/labels.jsonl | cmp a -
weaksup label whole --votes 2.wsv --format csv | head -2 | cut -d, -f1
# Of shuffled records, too.
shuf --random-source=/dev/zero "$SAMPLES/spam/data/train.jsonl" >shuffled.jsonl
parts --data shuffled.jsonl && weaksup merge -q -o all.wsv 2.wsv 3.wsv 1.wsv
weaksup fit -q --votes all.wsv --classes HAM,SPAM --no-classifier --out again
cmp whole/label_model.json again/label_model.json
sort again/labels.jsonl | cmp a -
# Records that are skipped keep their rows; more shards than records; ids that the records have.
printf '{"text":"a"}\n{"x":1}\n{"text":"ba"}\n{"text":"b"}\n{"text":"c"}\n' >bad.jsonl
printf 'one A /a/\ntwo B /b/\n' >lfs.rules
how="lfs.rules --classes A,B --data bad.jsonl --on-error skip -q"
weaksup apply $how --out whole.wsv
for i in 1 2 3 4 5 6 7; do weaksup apply $how --shard $i/7 --out $i.wsv; done
weaksup merge -q -o all.wsv [7654321].wsv && cmp whole.wsv all.wsv
weaksup apply $how --shard 1/2
for i in 1 2; do weaksup apply lfs.rules --classes A,B --shard $i/2 - --on-error skip <bad.jsonl; done
printf '{"text":"a","id":"x"}\n{"text":"b","id":"y"}\n' >ids.jsonl
for i in 1 2; do weaksup apply lfs.rules -q --classes A,B --data ids.jsonl --id id --shard $i/2 --out $i.wsv; done
weaksup apply lfs.rules -q --classes A,B --data ids.jsonl --id id --out whole.wsv
weaksup merge -q -o all.wsv 2.wsv 1.wsv && cmp whole.wsv all.wsv
# What a shard has kept is not taken for another one.
for i in 1 2 1 2; do
  weaksup apply lfs.rules --classes A,B --data ids.jsonl --id id --cache kept --shard $i/2 --format csv --out - -q
done
