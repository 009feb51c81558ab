# A limit on the size of files is told as a full disk is, and nothing half written stays.
cd "$SAMPLES/spam"
weaksup fit lfs -q
cp -r run before
(
  ulimit -f 8
  weaksup fit lfs -q --seed 1 2>said || echo "exit $?"
  grep -o 'cannot write: .*' said
  weaksup export run --to c-header --out model.h 2>said || echo "exit $?"
  cat said
)
diff -r run before && echo kept
find . -name '*model.h*' -o -name '.run*'
