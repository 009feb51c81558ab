# Values of options that cannot be meant: said, with what may be meant.
printf '{"text":"x a","label":"a","grp":"1"}\n{"text":"y b","label":"b","grp":"2"}\n' >two.jsonl
weaksup train -q --labels two.jsonl --out run
try() { weaksup "$@" 2>&1 || echo "exit $?"; }
try train -q --labels two.jsonl --out other --class-weight a=2,b=1,a=3
try train -q --labels two.jsonl --out other --class-weight a=2
try predict run --data two.jsonl --threshold a=0.5 --threshold a=0.6
try predict run --data two.jsonl --threshold a=0.5 --threshold b=0.9 | jq -c .label
try predict run --data two.jsonl --top-k 0
try predict run --data two.jsonl --top-k 1 | jq -c '.probs | length'
try export run --to c-header --prune 0
try export run --prune 0
try export run --to c-header --prune 3 | grep -c '^#ifndef'
try train -q --labels two.jsonl --out other --group grop
try cv --labels two.jsonl --group family
for command in inspect predict evaluate export explain; do
  case $command in
    predict | evaluate) try $command nosuch --data two.jsonl ;;
    explain) try $command nosuch --id 1 ;;
    *) try $command nosuch ;;
  esac
done
echo "-- numbers, and which ones are allowed"
for wrong in "ask --jobs 0" "ask -j -1" "ask -j 257" "ask --samples 65" "ask --attempts 0" "ask --timeout 86401" \
  "generate x --lfs ten" "generate x --n ten" "generate x --n 65" "generate x --rounds 0" "generate x --max-lfs 0" \
  "generate x --max-lfs many" "next x --lfs ten" "fit x --jobs -1" "import-votes two.jsonl --out v.wsv --bins 0"; do
  weaksup $wrong --classes a,b 2>&1 | head -n 1
done
echo "-- balanced: dev's gold, which is trained on, counts"
cat >votes.jsonl <<'END'
{"text":"good day","votes":{"u":"a"}}
{"text":"good night","votes":{"u":"a"}}
{"text":"bad day","votes":{"v":"b"}}
{"text":"bad night","votes":{"v":"b"}}
END
for i in 1 2 3 4 5 6; do printf '{"text":"fine %d","label":"b","votes":{}}\n' $i; done >dev.jsonl
printf '{"text":"fair","label":"a","votes":{}}\n' >>dev.jsonl
fit() { weaksup fit --votes votes.jsonl --dev dev.jsonl --classes a,b -q --no-cache --out "$@"; }
fit even
fit heavy --class-weight balanced
echo '{"text":"new"}' >new.jsonl
# b has most of dev, so that a gains
for run in even heavy; do weaksup predict $run --data new.jsonl | jq .probs.a; done | sort -c && echo gains
echo '# Slips'
for slip in "fit x --label-model lfit" "fit x --model logisitc" "next x --by entorpy" "fit x --recipe plian" \
  "fit x --class-weight balancd" "fit x --class-balance unifrom" "fit x --input-format json"; do
  weaksup $slip 2>&1 | head -n 1
done
