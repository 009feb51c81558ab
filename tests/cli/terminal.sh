# What a terminal shows: tables that fit 80 columns, and 200; colours where they are wanted.
pseudo() { /usr/bin/python3 "$(dirname "$SAMPLES")/tests/terminal/pseudo.py" "$@"; }
cd "$SAMPLES/spam"
cat >lfs/more.lua <<'END'
function lf.nothing(x) end
function lf.a_name_that_is_much_longer_than_any_that_people_give_to_functions(x) if #x.text > 150 then return SPAM end end
function lf.wrong(x) if #x.text > 3 then return nil + 1 end end
END
NO_COLOR=1 pseudo 80 weaksup fit lfs
NO_COLOR=1 pseudo 200 weaksup fit lfs
printf 'lo 火腿 /o/\nhi 垃圾邮件 /i/\n' >wide.rules
printf 'hello\nhi\nthis is it\nso\n' >wide.txt
NO_COLOR=1 pseudo 60 weaksup analyze wide.rules --classes 火腿,垃圾邮件 --data wide.txt --dev '' | sed -n '1,3p'
TERM=xterm pseudo 60 weaksup analyze lfs --max-errors 100% | sed -n '1,/^$/p' | sed 's/\x1b/ESC/g' | sed -E '1d; s/  +[0-9.]+$//' | grep ESC
TERM=dumb pseudo 60 weaksup analyze run | grep -c "$(printf '\033')"
weaksup analyze run --color always | grep -c "$(printf '\033')"
weaksup analyze run --color sometimes; echo "exit $?"
echo '# Events'
weaksup fit lfs --log-json 2>&1 >/dev/null | sed -E 's/"seconds":[0-9.e-]+/"seconds":S/'
weaksup fit nothing --log-json 2>&1 >/dev/null | sed -E 's/"seconds":[0-9.e-]+/"seconds":S/'
