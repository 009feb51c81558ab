# A run that is interrupted leaves the previous one whole, and nothing beside it.
mkdir lfs
cat >lfs/a.lua <<'END'
function lf.slow(x) local n = 0 for i = 1, 200000 do n = n + i end return HAM end
END
echo 'other SPAM /[13579]/' >lfs/b.rules
seq 20 >few.txt
seq 100000 >many.txt
weaksup fit -q lfs --classes HAM,SPAM --data few.txt --out run
cp -r run before
for signal in INT TERM KILL; do
  # A shell's background jobs ignore SIGINT; env gives it back.
  env --default-signal=INT weaksup fit -q lfs --classes HAM,SPAM --data many.txt --out run &
  pid=$!
  sleep 1
  kill -$signal $pid
  code=0
  wait $pid || code=$?
  echo "$signal: exit $code"
  diff -r before run && echo whole
done 2>/dev/null
# The last line says what became of it, on a terminal as well as in a log.
env --default-signal=INT weaksup fit lfs --classes HAM,SPAM --data many.txt --out run --log-json 2>log &
pid=$!
sleep 1
kill -INT $pid
wait $pid 2>/dev/null || true
grep -v progress log | tail -n 2 | sed -E 's/"seconds":[0-9.e+-]+/"seconds":S/'
weaksup fit -q lfs --classes HAM,SPAM --data few.txt --out run # clears what KILL left
ls -A
workers() {
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/cwd")" = "$PWD" ] && tr '\0' ' ' <"$process/cmdline" && echo
  done 2>/dev/null | grep '^weaksup'
}
for i in $(seq 50); do # those of the killed process end by themselves
  workers >/dev/null || break
  sleep 0.2
done
workers || echo "no worker is left"
