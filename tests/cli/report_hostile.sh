# Texts, ids, names of classes, labeling functions, fields and files cannot become markup.
count() { grep -o "$1" "$2" | wc -l | tr -d ' '; }
nasty='</script><script>alert(1)</script><img src=x onerror="alert(1)">'
cat >weaksup.lua <<'END'
classes = { "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>" }
id = "id"
task_text = "</title></style><script>alert(1)</script>"
END
jq -cn --arg n "$nasty" 'range(40) as $i | {id: "\($i)\($n)",
  text: "\($n) \($i) \u202e\u2028\u0000\u001b[2J \"'"'"'`&amp; <",
  votes: {($n): ($i % 2), "\" onfocus=alert(1) x=\"": 1, "</select><b>": (if $i % 3 == 2 then -1 else 0 end)},
  label: ($i % 2)}' >'"><b>.jsonl'
weaksup fit --votes '"><b>.jsonl' --out '<i>"run' -q --no-classifier 2>/dev/null
weaksup report '<i>"run' -q --out page.html
echo "script $(count '<script' page.html), style $(count '<style' page.html), img $(count '<img' page.html)"
echo "b $(count '<b>' page.html), i $(count '<i>' page.html), handlers $(sed 's/="[^"]*"//g' page.html | grep -c '<[^>]* on[a-z]*')"
echo "shown: $(count '&lt;script&gt;alert(1)' page.html | awk '{print ($1 > 50)}')"
echo "hidden: $(count 'class="cc">.u{202e}<' page.html) $(count 'u{2028}' page.html) $(count 'class="cc">.u{0}<' page.html) $(count 'u{1b}' page.html)"
LC_ALL=C tr -d '\n\t\040-\176\200-\377' <page.html | wc -c | tr -d ' '
iconv -f UTF-8 -t UTF-8 page.html >/dev/null && echo valid
grep -o '<title>.*</title>' page.html | head -1
# File names may be any bytes.
cp -r '<i>"run' "$(printf 'run\377')" && weaksup report "$(printf 'run\377')" -q --out page.html
iconv -f UTF-8 -t UTF-8 page.html >/dev/null && echo valid
# A rule that matches in the middle of what would be markup marks it, and escapes both sides.
mkdir lfs data
printf 'tag 0 /script>al/\nquote 1 /"/\ntitle 1 title ~ /b/\n' >lfs/a.rules
jq -cn --arg n "$nasty" 'range(4) as $i | {id: $i, text: "\($n) \($i)", title: "<b>"}' >data/d.jsonl
weaksup fit lfs --data data/d.jsonl --out run -q 2>/dev/null; weaksup report run -q
grep -o '&lt;<mark[^>]*>script&gt;al.\{0,30\}' run/report.html | sort | uniq -c
grep -o '<p class="field".*' run/report.html | sort | uniq -c
