# Labeling functions that hang or eat memory are given up; the others are not touched.
seq 3000 | sed 's/$/ words/' >data.txt
mkdir lfs good
cat >good/good.rules <<'END'
odd   A  /[13579] words/
even  B  /[02468] words/
END
cp good/good.rules lfs
cat >lfs/bad.lua <<'END'
function lf.loop(x) while true do end end
function lf.caught(x) while true do pcall(error) end end
function lf.memory(x) local s, t = ("x"):rep(1e6), {} while true do t[#t + 1] = s .. #t end end
END
weaksup apply lfs --classes A,B --data data.txt -j 2 --out bad.wsv 2>said
sed 's/[0-9]* of [0-9]* calls/N of N calls/; s/[0-9]* times/N times/; s/dropped): .*/dropped)/' said # times differ
weaksup apply good --classes A,B --data data.txt --out good.wsv
weaksup apply lfs --classes A,B --data data.txt >bad.jsonl 2>/dev/null
weaksup apply good --classes A,B --data data.txt | cmp - bad.jsonl
weaksup analyze bad.wsv | sed '/^doctor/,$d' | awk '{print $1, $3}'
