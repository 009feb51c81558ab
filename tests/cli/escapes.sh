# Nothing that comes from a file reaches the terminal as an escape sequence.
esc=$(printf '\033') csi=$(printf '\302\233')
seen() { grep -c -F -e "$esc" -e "$csi" || true; }
printf '{"text":"a","label\\u001bX":"A"}\n{"text":"b","label\\u001bX":"B"}\n' >gold.jsonl
mkdir lfs
printf 'a A /a/\nb B /b/\n' >lfs/a.rules
weaksup fit lfs --classes A,B --data gold.jsonl --gold labelX --out run 2>&1 | seen
weaksup fit lfs --classes A,B --data gold.jsonl --gold labelX 2>&1 | grep -c "did you mean"
printf "id,a,c${esc}X\n1,A,\n2,B,\n" >v.csv
weaksup fit --votes v.csv --classes A,B --no-classifier 2>&1 | seen
weaksup fit --votes v.csv --classes "A,B${esc}" 2>&1
weaksup fit --votes v.csv --classes "A,B${csi}" 2>&1
printf "# @test \"a ${csi}2J\" -> B\na A /a/\n" >lfs/a.rules
weaksup test lfs --classes A,B
