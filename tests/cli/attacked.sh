# What once went wrong, and must not again.
mkdir lfs && printf 'odd A /[13579]/\neven B /[02468]/\n' >lfs/a.rules
seq 30 >d.txt
weaksup fit -q lfs --classes A,B --data d.txt --out two
weaksup fit -q lfs --classes A,B,C --data d.txt --out three
weaksup fit -q lfs --classes B,A --data d.txt --out swapped
for other in three swapped; do # a classifier of another run
  cp -r two mix && cp $other/classifier.wsc mix
  weaksup predict mix --data d.txt; echo "exit $?"
  rm -r mix
done
printf '{"text":"a1"}\n{"text":5}\n{"text":"b2"}\n' >bad.jsonl # messages into the output
weaksup apply lfs --classes A,B --data bad.jsonl --on-error skip --out v.wsv 2>&-
weaksup analyze v.wsv | grep " LFs on "
(printf 'text\n1\n"oops\n'; seq 1000) >q.csv # one quote took in a thousand rows
weaksup apply lfs --classes A,B --data q.csv --on-error skip; echo "exit $?"
mkdir site && echo '{"name":"my page"}' >site/manifest.json # not ours
weaksup fit -q lfs --classes A,B --data d.txt --out site; echo "exit $?"
cat site/manifest.json
for i in 1 2 3 4 5 6; do weaksup fit -q lfs --classes A,B --data d.txt --out same & done # at once
wait
ls -A same && weaksup export same | wc -l
chmod 700 same && weaksup fit -q lfs --classes A,B --data d.txt --out same && stat -c %a same
echo old >kept.jsonl && chmod 600 kept.jsonl && ln -s kept.jsonl link.jsonl
weaksup export two --out link.jsonl && stat -c %a kept.jsonl && wc -l <kept.jsonl && [ -L link.jsonl ]
mkdir steady && cat >steady/a.lua <<'END'
function lf.address(x) return tonumber(string.format("\0%p", x.text):sub(-6, -6), 16) % 2 end
function lf.sorted(x)
  local t, n = {}, 3000
  for i = 1, n do t[i] = { 1 + (i * 7919) % 7, i } end
  local r = (n - 1) // 4
  t[1][1], t[1 + r][1], t[n][1] = 0, .1, .2
  table.sort(t, function(a, b) return a[1] < b[1] end)
  return t[700][2] % 2
end
function field.deep(x)
  local function down(n)
    if n == 0 then return 0 end
    local ok, value = pcall(down, n - 1)
    if not ok then error(value, 0) end
    return value
  end
  return down(100) + #x.text
end
local function down(n, x)
  if n == 0 then return x.deep end
  local _, value = pcall(down, n - 1, x)
  return value
end
function lf.catches(x) down(120, x) end
function lf.deep(x) return x.deep % 2 end
END
echo 'nojit A /(*NO_JIT)1/' >steady/b.rules
weaksup apply steady --classes A,B --data d.txt >first
for i in 1 2 3 4; do weaksup apply steady --classes A,B --data d.txt 2>/dev/null | cmp - first; done
head -2 first
printf 'classes = { "A", "B" } local t = "" for i = 1, 1e6 do t = t .. ("x") .. "xxxxxxxxxxxxxxxxxxxx" end' >weaksup.lua
weaksup fit -q lfs; echo "exit $?"
rm weaksup.lua
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
  mkdir -p linked/d$i
  for k in 1 2 3 4 5 6 7 8 9 10 11 12; do ln -s ../d$k linked/d$i/l$k; done
done
weaksup apply linked --classes A,B --data d.txt; echo "exit $?"
awk 'BEGIN {for (i = 0; i < 30000; i++) printf "c%d,", i; print "text"; for (i = 0; i < 30000; i++) printf ","; print "1"}' >wide.csv
weaksup apply lfs --classes A,B --data wide.csv
