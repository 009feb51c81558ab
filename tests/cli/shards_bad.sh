# Files that are no shards of one thing, and wrong usage: what was expected, what was found,
# in which file; and no file is left behind.
try() { weaksup "$@"; echo "exit $?"; }
printf '{"text":"a"}\n{"text":"ba"}\n{"text":"b"}\n' >data.jsonl
printf 'one A /a/\ntwo B /b/\n' >lfs.rules
printf 'two B /b/\none A /a/\n' >order.rules
printf 'one A /a/\ntwo B /b/\nthree B /b/\n' >more.rules
apply() { weaksup apply -q --data data.jsonl "$@"; }
apply lfs.rules --classes A,B --shard 1/2 --out 1.wsv
apply lfs.rules --classes A,B --shard 2/2 --out 2.wsv
apply order.rules --classes A,B --shard 2/2 --out order.wsv
apply more.rules --classes A,B --shard 2/2 --out more.wsv
apply lfs.rules --classes B,A --shard 2/2 --out classes.wsv
apply lfs.rules --classes A,B,C --shard 2/2 --out three.wsv
for other in 1 order more classes three missing; do try merge 1.wsv $other.wsv -o out.wsv; done
try merge more.wsv 1.wsv -o out.wsv
try merge 2.wsv 1.wsv 2.wsv -o out.wsv
head -c 100 1.wsv >short.wsv
try merge 1.wsv short.wsv -o out.wsv
try merge 1.wsv data.jsonl -o out.wsv
try merge 1.wsv 2.wsv
try merge -o out.wsv
try merge 1.wsv 2.wsv -o no/such/out.wsv
for shard in 0/2 3/2 1 /2 1/ a/b 1/2/3 -1/2 1/0; do try apply lfs.rules --classes A,B --data data.jsonl --shard $shard; done
weaksup fit -q --votes 1.wsv --classes A,B --no-classifier --out run
for other in more order classes three missing; do try label run --votes $other.wsv --out out.jsonl; done
head -n 1 lfs.rules >few.rules
apply few.rules --classes A,B --out few.wsv
try label run --votes few.wsv
try label run
try label nothing --votes 1.wsv
try fit -q --votes 1.wsv --classes A,B --no-classifier --out again --warm-start nothing
try fit -q --votes classes.wsv --classes B,A --no-classifier --out again --warm-start run
try fit -q --votes 1.wsv --classes A,B --no-classifier --out again --warm-start run --label-model mv
try fit -q --votes 1.wsv --classes A,B --no-classifier --out again --warm-start run && jq -c .options.warm_start again/manifest.json
ls -A
