# A peer that waits for the votes on one record before it sends the next gets them at once.
mkdir lfs
cat >lfs/a.rules <<'END'
spam SPAM /spam/
break SPAM /a\nb/
END
mkfifo in out
start() { # start OPTION...
  weaksup apply lfs - --classes HAM,SPAM "$@" <in >out &
  pid=$!
  exec 3>in 4<out
}
say() { printf "$1" >&3; }
hear() { timeout 20 sh -c 'IFS= read -r line <&4 && echo "$line"' || echo "no answer"; }
end() {
  exec 3>&-
  timeout 20 cat <&4
  exec 4<&-
  code=0
  wait $pid || code=$?
  echo "exit $code"
}

echo "JSON Lines"
start
say '{"text":"spam 1"}\n'; hear
say '{"text":"2"}\n'; hear
say '{"text":"spam 3"}\n{"text":"sp'; hear
sleep 0.2
say 'am 4"}'
sleep 0.2
say '\n\n\n'; hear
say '{"text":"5"}\n{"text":"spam 6"}\n'; hear; hear
say '{"text":"spam, without a line end"}'
end

echo "CSV"
start --input-format csv --format csv -j 1
say 'id,te'
sleep 0.2
say 'xt\n'
sleep 0.2
say '1,spam\n'; hear; hear
say '2,"a\n'
sleep 0.2
say 'b"\n3,sp'; hear
sleep 0.2
say 'am\r\n'; hear
say '4,"spam\n'
sleep 0.2
say 'spam"'
end

echo "text, in short lines"
start --input-format text --format csv
say 'a'
sleep 0.2
say '\n'; hear; hear
say '\nb\n'; hear; hear
say '\357\273\277 spam'
end

echo "gzip"
start --input-format jsonl
echo '{"text":"spam"}' | gzip -c >&3; hear
printf '{"text":"a\\nb"}\n{"te' | gzip -c >&3; hear
echo 'xt":"spam"}' | gzip -c >&3; hear
end

echo "errors"
start
say '{"text":"spam"}\n'; hear
say '{"txt":"spam"}\n'
end
start --input-format csv
say 'text\nspam\n'; hear
say '"ham'
end

echo "signals"
for signal in INT TERM; do
  env --default-signal=INT weaksup apply lfs - --classes HAM,SPAM <in >out &
  pid=$!
  exec 3>in 4<out
  say '{"text":"spam"}\n'; hear
  kill -$signal $pid
  code=0
  wait $pid || code=$?
  echo "exit $code"
  exec 3>&- 4<&-
done 2>/dev/null
