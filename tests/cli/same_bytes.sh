# The same bytes whatever the number of workers, the size of chunks, and the day; and whether
# votes and classifier were kept by an earlier run.
for sample in spam household; do
  weaksup fit -q "$SAMPLES/$sample/lfs" --out first
  for how in "-j 1" "-j 2" "-j 7" "-j 3 --chunk 1" "-j 2 --chunk 50" \
    "--cache kept" "--cache kept -j 2"; do
    case "$how" in *cache*) ;; *) how="$how --no-cache" ;; esac
    weaksup fit -q "$SAMPLES/$sample/lfs" $how --out again
    for file in votes.wsv label_model.json labels.jsonl classifier.wsc metrics.json; do
      cmp first/$file again/$file
    done
  done
  shuf --random-source=/dev/zero "$SAMPLES/$sample/data/train.jsonl" >shuffled.jsonl
  weaksup fit -q "$SAMPLES/$sample/lfs" --data shuffled.jsonl --out again
  cmp first/label_model.json again/label_model.json
  sort first/labels.jsonl >a && sort again/labels.jsonl | cmp a -
done
