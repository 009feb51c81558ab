# A full disk is an error, not a short file.
printf 'id,a,text\n1,A,x\n2,B,y\n' >v.csv
weaksup fit -q --votes v.csv --classes A,B --out run
weaksup export run --out /dev/full; echo "exit $?"
weaksup export run >/dev/full; echo "exit $?"
weaksup analyze run >/dev/full; echo "exit $?"
weaksup predict run --data v.csv --out /dev/full; echo "exit $?"
weaksup export run --out no/such/file.csv; echo "exit $?"
weaksup export run --out run; echo "exit $?"
echo before >kept
(ulimit -f 0; trap '' XFSZ; weaksup export run --out kept); echo "exit $?"
cat kept
ls -A
