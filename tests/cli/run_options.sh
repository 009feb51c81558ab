# Commands on a run take the names of fields from the options, else from the run.
printf 'id,text,a,label\n1,red one,A,A\n2,blue one,B,B\n3,red two,A,A\n4,blue two,B,B\n' >v.csv
weaksup fit -q --votes v.csv --classes A,B
printf 'key,a,gold\nk1,A,B\nk2,B,B\n' >other.csv
weaksup label run --votes other.csv --id key --gold gold | jq -c '[.id, .label]'
weaksup predict run --votes other.csv --id key --gold gold | jq -c '[.id, .label]'
weaksup evaluate run --votes other.csv --id key --gold gold --json | jq .label_model.accuracy
