# Paths whose bytes are no UTF-8 are what they are, and a run that names them can be read.
lfs=$(printf 'lf\351')
votes=$(printf 'b\351.csv')
mkdir "$lfs"
echo 'a HAM /a/' >"$lfs/a.rules"
printf 'a\nb\n' >data.txt
printf 'id,a\n1,HAM\n2,SPAM\n' >"$votes"
weaksup fit -q "$lfs" --classes HAM,SPAM --data data.txt --out run
weaksup analyze run --json | jq -c .records
jq -c .lfs.path run/manifest.json
weaksup fit -q --votes "$votes" --classes HAM,SPAM --out run
weaksup label run --votes "$votes" | jq -c .id
jq -c .data.path run/manifest.json
