# A file of a run that is truncated or altered is refused.
printf 'id,a,b,text,label\n1,A,A,x y,A\n2,B,B,z w,B\n3,A,,x,A\n' >v.csv
weaksup fit -q --votes v.csv --classes A,B --out run
damage() { # FILE: cut, and with another byte in the middle
  cp run/$1 kept
  size=$(wc -c <kept)
  head -c $((size - 1)) kept >run/$1
  $2 2>&1; echo "exit $?"
  half=$((size / 2))
  { head -c $half kept; printf '\001'; tail -c +$((half + 2)) kept; } >run/$1
  $2 2>&1; echo "exit $?"
  : >run/$1
  $2 2>&1; echo "exit $?"
  cp kept run/$1
}
damage votes.wsv 'weaksup export run'
damage label_model.json 'weaksup export run'
damage classifier.wsc 'weaksup predict run --data v.csv'
damage manifest.json 'weaksup predict run --data v.csv'
damage metrics.json 'weaksup analyze run'
weaksup predict run --data v.csv >/dev/null && echo whole
rm run/classifier.wsc
weaksup predict run --data v.csv
weaksup predict v.csv --data v.csv
