# Results go where they are sent, or the exit code says that they did not.
mkdir lfs
printf 'a A /a/\nb B /b/\n' >lfs/a.rules
printf '{"text":"a"}\n{"text":"b"}\n' >data.jsonl
apply() { weaksup apply lfs --data data.jsonl --classes A,B "$@"; echo "exit $?" >&2; }
echo "standard output is closed" >&2
apply >&-
weaksup version >&-; echo "exit $?" >&2
echo "endings" >&2
apply --out votes.json
apply --out votes.json --format jsonl
apply --out votes
weaksup cv --labels data.jsonl --folds-out f.tsv; echo "exit $?" >&2
ls
echo "a link to a file that is not there yet" >&2
mkdir there
ln -s ../later.csv there/first
ln -s there/first link
apply --out link --format csv
[ -L link ] && [ -L there/first ] && cat later.csv
weaksup apply lfs --data data.jsonl --classes A,B --out /dev/stdout --format jsonl | cat
