# A fit may begin with the label model of an earlier run, of kinds that learn.
printf '%s\n' '{"votes":{"a":"X","b":"X","c":"Y"}}' '{"votes":{"a":"Y","b":"Y","c":"Y"}}' \
  '{"votes":{"a":"X","b":"Y"}}' '{"votes":{"a":"X","b":"X","c":"X"}}' >votes.jsonl
for kind in hds ebcc dawid-skene one-coin lift mv; do
  weaksup fit -q --votes votes.jsonl --classes X,Y --label-model $kind --out run
  weaksup fit -q --votes votes.jsonl --classes X,Y --label-model $kind --warm-start run --out again
  jq -r '.kind, .iterations < 2' again/label_model.json | paste -sd ' '
done
