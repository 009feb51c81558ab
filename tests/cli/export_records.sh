# The exported classifier is measured on the records of the run, if they are what they were.
records() {
  seq 40 | awk -v a="$1" -v b="$2" '{
    name = $1 % 2 ? "A" : "B"; color = $1 % 2 ? a : b
    printf "{\"text\":\"%s word%d\",\"label\":\"%s\",\"kind\":\"%s\"}\n", color, $1, name, name
  }'
}
records red blue >train.jsonl
mkdir lfs
printf 'a A /red/\nb B /blue/\n' >lfs/a.rules
prune() { weaksup export "$@" --to c-header --prune 5 --out out.h 2>&1 |
  grep -v "of code" | sed 's/[0-9]*[.][0-9][0-9]*/N/g'; }
weaksup fit -q lfs --classes A,B --data train.jsonl
echo "as it was"
prune run
prune run --gold kind | grep accuracy
prune run --gold nope | grep accuracy
echo "another file of its name"
mkdir elsewhere
records green yellow >elsewhere/train.jsonl
cp -r run elsewhere
(cd elsewhere && prune run)
echo "beside the run"
(cd elsewhere && prune ../run)
echo "votes are no records"
sed 's/.*label":\("."\).*/{"votes":[\1]}/' train.jsonl >v.jsonl
weaksup fit -q --votes v.jsonl --data train.jsonl --classes A,B --out voted
prune voted
echo "bad records that were left out"
echo '{' >>train.jsonl
weaksup fit -q lfs --classes A,B --data train.jsonl --on-error skip
prune run
prune run --data train.jsonl
