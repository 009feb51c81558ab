# What users know: priors, the class balance, the gold of a dev set.
cat >votes.jsonl <<'END'
{"votes":{"a":0,"b":1}}
{"votes":{"a":1,"b":0,"link":1}}
{"votes":{"a":0,"link":1}}
{"votes":{"b":1,"link":1}}
{"votes":{}}
END
cat >dev.jsonl <<'END'
{"votes":{"a":0,"b":1},"label":0}
{"votes":{"a":1,"b":0},"label":1}
{"votes":{"b":1,"link":1},"label":1}
END
fit() {
  echo "-- $*"
  weaksup fit --votes votes.jsonl --classes n,y --no-cache "$@" --out run --json >out.json &&
    jq -c '[.label_model | .kind, .iterations > 0, .gold_rows, .note], .scores' out.json &&
    jq -c '[.lfs[] | .prior], .class_balance, .class_balance_in_em' run/label_model.json
}
fit --prior a=0.9 --prior link=0.6 --label-model lift
fit --prior lnik=0.9
fit --prior 0.9
fit --prior a=1.5
fit --prior a=0.9 --label-model hds
fit --class-balance uniform --label-model hds
fit --class-balance 0.7,0.3 --class-balance-in-em --label-model dawid-skene
fit --class-balance 0.7,0.3 --class-balance-in-em --label-model mv
fit --class-balance-in-em
fit --class-balance dev
fit --class-balance dev --dev votes.jsonl
fit --class-balance dev --dev dev.jsonl --no-dev-gold | head -n 2
jq -c .class_balance,.gold_rows run/label_model.json
weaksup fit --votes votes.jsonl --classes n,y --no-cache --dev dev.jsonl --out run |
  grep -e chosen -e helped -e cross
jq -c '.scores.dev.cross_fitted, [.scores.dev.label_model.n]' run/metrics.json
# The balance by name.
for balance in y=0.3,n=0.7 y=0.3 y=0.3,n=0.695 y=0.3,q=0.7 y=0.3,y=0.7 y=1,n=0 0.3,0.695; do
  fit --class-balance $balance | sed -n '1p;5p'
done
# dev and test are one file: its gold is trained on.
weaksup fit -q --votes votes.jsonl --classes n,y --no-cache --dev dev.jsonl --test dev.jsonl 2>&1 | grep same
# A model for annotators on rules that hardly meet.
for i in 1 2 3 4 5 6 7 8 9 10; do
  printf '{"votes":{"a":0}}\n{"votes":{"b":1}}\n{"votes":{"a":0}}\n{"votes":{"a":0,"c":0}}\n'
done >rules.jsonl
for model in ebcc hds lift; do
  weaksup fit -q --votes rules.jsonl --classes n,y --no-cache --label-model $model 2>&1 | grep "all labels"
done
