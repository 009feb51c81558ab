# Labeling functions that do not load: file:line, for patterns file:line:column.
printf 'hello there\nbye\n' >data.txt
try() { weaksup fit -q lfs --classes HAM,SPAM --data data.txt --out run; echo "exit $?"; rm -rf lfs run; }
lua() { mkdir -p lfs; cat >lfs/a.lua; }
rules() { mkdir -p lfs; cat >lfs/b.rules; }
try
mkdir lfs; try
mkdir lfs; echo "no functions" >lfs/readme.txt; try
echo 'function lf.a(x) return SPAM' | lua; try
printf 'local x = 1\nlocal y = x .. nil\n' | lua; try
printf '\033Lua' | lua; try
echo 'lf.a = 5' | lua; try
echo 'function lf.a(x) return SPAM end  lf.b = keywords(SPM, {"x"})' | lua; try
echo 'local io = require "io"' | lua; try
echo 'lf.a = keywords(SPAM, lines "../data.txt")' | lua; try
echo "lf.a = keywords(SPAM, lines '$PWD/data.txt')" | lua; (try) 2>&1 | sed "s:$PWD:/PWD:"; rm -rf lfs
echo 'lf.a = keywords(SPAM, lines "link.txt")' | lua; ln -s ../data.txt lfs/link.txt; try
echo 'function lf.a(x) seen = true end' | lua; try
echo 'local n = 0  function lf.a(x) n = n + 1 return n % 2 end' | lua; try
echo 'lf.a = keywords(SPAM, lines "nowhere.txt")' | lua; try
printf 'a SPAM /x/\nb SPAM /(/\n' | rules; try
printf 'a SPAM /x/q\n' | rules; try
printf 'a SPM /x/\n' | rules; try
printf 'a SPAM\n' | rules; try
printf 'a SPAM /x\n' | rules; try
printf 'a SPAM @none.txt\n' | rules; try
printf 'a SPAM /x/\na HAM /y/\n' | rules; try
printf 'a SPAM /x/\n' | rules; printf 'function lf.a(x) end\n' | lua; try

# Where there are several files, more than one may be wrong.
echo 'lf.a = 5' | lua; echo 'lf.b = 5' >lfs/b.lua; try
echo 'lf.a = 5' | lua; echo 'lf.b = 5' >lfs/b.lua
weaksup fit -q --keep-going lfs --classes HAM,SPAM --data data.txt --out run; echo "exit $?"; rm -rf lfs

# Habits from other languages.
echo 'function lf.a(x) if x.text != "a" then return SPAM end end' | lua; try
echo 'function lf.a(x) if !x.title then return SPAM end end' | lua; try
