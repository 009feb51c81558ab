# A signal that the caller ignores, as nohup and a shell's background jobs do, ends nothing.
mkdir lfs
echo 'a HAM /a/' >lfs/a.rules
mkfifo in out
for signal in HUP INT TERM; do
  (
    trap '' $signal
    exec weaksup apply -q lfs - --classes HAM,SPAM --input-format text <in >out
  ) &
  pid=$!
  exec 3>in 4<out
  echo a >&3
  timeout 20 sh -c 'IFS= read -r line <&4 && echo "$line"' # it works by now
  kill -$signal $pid
  echo b >&3
  exec 3>&-
  cat <&4
  code=0
  wait $pid || code=$?
  echo "$signal: exit $code"
done
