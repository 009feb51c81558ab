# The run folder is replaced whole, keeps the user's own files, and never anybody else's.
printf 'id,a\n1,A\n2,B\n' >v.csv
fit() { weaksup fit -q --votes v.csv --classes A,B "$@"; echo "exit $?"; }
fit --out run
echo mine >run/notes.txt
mkdir run/figures
echo plot >run/figures/a.txt
fit --out run
ls run
cat run/notes.txt run/figures/a.txt
mkdir other && echo precious >other/thing
fit --out other
cat other/thing
mkdir empty && fit --out empty/
ls empty
echo file >plain && fit --out plain
fit --out no/such/folder
ln -s run link && fit --out link && [ -L link ] && ls link
ls -A
