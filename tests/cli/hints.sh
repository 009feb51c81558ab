# What a beginner meets first: the error says what was found and what to do.
mkdir lfs && printf '%s\n' '-- @test "free" -> SPAM' 'function lf.free(x) if x.text:find("free") then return SPAM end end' >lfs/a.lua
classes='--classes HAM,SPAM'
try() { echo "\$ $*"; "$@"; echo "exit $?"; }

# Cells that are separated otherwise.
printf 'id;text;label\n1;free;SPAM\n' >semicolons.csv
printf 'id|text|label\n1|free|SPAM\n' >bars.csv
printf 'id\ttext\tlabel\n1\tfree\tSPAM\n' >tabs.csv
printf 'id,text,label\n1,free,SPAM\n' >commas.tsv
printf 'id;a;b\n1;SPAM;HAM\n' >votes.csv
for f in semicolons.csv bars.csv tabs.csv commas.tsv; do try weaksup apply lfs $classes --data $f; done
try weaksup apply lfs $classes --data tabs.csv --input-format tsv
try weaksup apply lfs $classes --data commas.tsv --input-format csv
try weaksup train --labels semicolons.csv
try weaksup fit --votes votes.csv $classes
try weaksup init task --data semicolons.csv
printf '"text;"\nfree\n' >edge.csv
try weaksup apply lfs $classes --text 'text;' --data edge.csv

# Other encodings.
printf 'text\ncaf\351\n' >latin1.csv
printf '{"text":"a \223quote\224"}\n' >windows.jsonl
printf 'gr\303\274n\ncaf\351\n' >mixed.txt
printf 'gr\303\274n caf\351\n' >one_line.txt
printf 'text\nfree\n' | iconv -f UTF-8 -t UTF-16 >utf16.csv
printf '{"text":"free"}\n' | iconv -f UTF-8 -t UTF-16LE >utf16le.jsonl
printf '{"text":"free"}\n' | iconv -f UTF-8 -t UTF-16BE >utf16be.jsonl
for f in latin1.csv windows.jsonl mixed.txt one_line.txt utf16.csv utf16le.jsonl utf16be.jsonl; do
  try weaksup apply lfs $classes --data $f --input-format "$(echo ${f##*.} | sed s/txt/text/)"
done
iconv -f ISO-8859-1 -t UTF-8 latin1.csv >latin1_utf8.csv # as it says
try weaksup apply lfs $classes --data latin1_utf8.csv
printf -- '-- gr\374n\n' >lfs/b.lua
try weaksup test lfs $classes
rm lfs/b.lua

# Code in other languages.
printf 'def f(x): pass\n' >lfs/b.py
try weaksup test lfs $classes
touch lfs/a.ipynb "lfs/$(printf 'a\033.py')"
try weaksup test lfs $classes
mkdir only && cp lfs/b.py only/
try weaksup test only $classes
rm lfs/*py*

# A path with what no terminal should see.
odd=$(printf 'a\001\033[31m\351b')
mkdir "$odd" && cp lfs/a.lua "$odd"/
weaksup test "$odd" $classes; echo "exit $?"

# Names that are nearly right.
try weaksup manual fti
mkdir subj
weaksup fit -q "$SAMPLES/spam/lfs" --no-cache --out subj/run; echo "exit $?"
for run in subj subj/ lfs lfs/a.lua nothing; do try weaksup report $run; done
try weaksup init task --data records.dat --input-format csv
try weaksup diff subj/run
for f in lfs/a.txt subj/run none; do touch lfs/a.txt; try weaksup fit $f; done
cp "$SAMPLES/spam/data/dev.jsonl" dev.jsonl
try weaksup train --labels dev.jsonl --gold lable
try weaksup apply lfs $classes --data dev.jsonl --text body
try weaksup apply lfs $classes --data dev.jsonl --id key
try weaksup try lfs $classes --data dev.jsonl --id 100000
try weaksup label subj/run --votes dev.jsonl
cp -r "$SAMPLES/spam" . && try weaksup fit spam/lfs --out no/such/run

# Why records are left out, and what would fit.
try weaksup export subj/run --to preferences --min-confidence 0.7 --out pairs.jsonl
try weaksup export subj/run --to huggingface --out texts.jsonl
weaksup export subj/run --to c-header --max-size 1K 2>&1 | sed 's/[0-9][0-9]*/N/g'
least=$(weaksup export subj/run --to c-header --max-size 1K 2>&1 | sed 's/.*(\([0-9]*K\)).*/\1/')
weaksup export subj/run --to c-header --max-size "$least" -q >small.h; echo "exit $?"

# The browser's talk is its own.
mkdir bin && printf '#!/bin/sh\necho noise; echo noise >&2; exit 1\n' >bin/xdg-open && chmod +x bin/xdg-open
cp bin/xdg-open bin/open
PATH="$PWD/bin:$PATH" weaksup report subj/run --open -q 2>&1 | sed 's/xdg-open/open/'

# A file of the run that was cut.
truncate -s -9 subj/run/votes.wsv
try weaksup report subj/run
: >subj/run/manifest.json
try weaksup report subj/run
