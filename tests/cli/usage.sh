# Wrong usage says what is wrong and where help is.
weaksup; echo "exit $?"
weaksup fitt; echo "exit $?"
weaksup fit; echo "exit $?"
weaksup fit lfs --dev-votes v.csv; echo "exit $?"
weaksup fit lfs --lable-model x; echo "exit $?"
weaksup fit lfs --ouput x; echo "exit $?"
weaksup fit lfs --nonsense x; echo "exit $?"
weaksup fit lfs --jobs many; echo "exit $?"
weaksup fit lfs --out; echo "exit $?"
weaksup fit lfs other; echo "exit $?"
weaksup fit -z lfs; echo "exit $?"
weaksup fit lfs --quiet=yes; echo "exit $?"
weaksup fit lfs --label-model best; echo "exit $?"
weaksup fit lfs --class-balance 0.5,0.6; echo "exit $?"
weaksup fit lfs --max-errors few; echo "exit $?"
weaksup fit lfs --on-error pray; echo "exit $?"
weaksup fit lfs --hash-bits 99; echo "exit $?"
weaksup fit lfs --c -1; echo "exit $?"
weaksup predict run; echo "exit $?"
weaksup predict run --data a --votes b; echo "exit $?"
weaksup evaluate run; echo "exit $?"
weaksup export run --format xml; echo "exit $?"
weaksup apply lfs data.jsonl; echo "exit $?"
weaksup help nothing; echo "exit $?"

# What would be taken for something else without a word.
weaksup apply lfs --lf-time 0; echo "exit $?"
weaksup export run --out labels.parquet; echo "exit $?"
weaksup predict run --data x.txt --out labels.tsv; echo "exit $?"
# An option of other commands.
weaksup merge a.wsv --recipe plain; echo "exit $?"
weaksup help help | head -n 1
weaksup manual help | sed -n '/^.Nm/p' | head -n 1
# One value, given twice: the first one would be lost.
weaksup fit lfs --votes a.wsv --votes b.wsv; echo "exit $?"
weaksup fit lfs --out=a -j 2 --out b; echo "exit $?"
weaksup train --labels a -j 1 -j2; echo "exit $?"
weaksup fit --help --help | head -n 1
