# Task files that do not load, and what is missing in them.
mkdir lfs && echo 'any A /./' >lfs/any.rules
echo text >data.txt
try() { cat >weaksup.lua; weaksup fit -q lfs --out run; echo "exit $?"; }
weaksup fit -q lfs; echo "exit $?"
try </dev/null
try <<'END'
classes = { "A", "B" }
END
try <<'END'
classes = { "A", "B" }
date = "data.txt"
END
try <<'END'
classes = { "A" }
END
try <<'END'
classes = { "A", "A" }
END
try <<'END'
classes = { "A", 5 }
END
try <<'END'
classes = "A,B"
END
try <<'END'
classes = { "A", "B" }
data = 5
END
try <<'END'
classes = { "A", "B"
END
try <<'END'
while true do end
END
try <<'END'
classes = {} for i = 1, 1e9 do classes[i] = "x" .. i end
END
try <<'END'
classes = { "A", "B" }
describe = { A = "first", C = "third" }
END
try <<'END'
os.exit(0)
END
try <<'END'
classes = { "A", "B" }
data = "data.txt"
END
weaksup fit -q lfs --task nowhere.lua; echo "exit $?"
weaksup fit -q lfs --task . --out run; echo "exit $?"
weaksup fit -q lfs --classes A,B --data nowhere.txt; echo "exit $?"
weaksup fit -q lfs --class-balance 0.2,0.3,0.5; echo "exit $?"
rm weaksup.lua
weaksup fit -q nosuch; echo "exit $?"
weaksup fit -q "$SAMPLES/household" 2>&1 | sed "s:$SAMPLES:SAMPLES:g"
cp -r "$SAMPLES/spam" task && cd task/lfs
weaksup apply . | wc -l
weaksup apply spam.rules | wc -l
