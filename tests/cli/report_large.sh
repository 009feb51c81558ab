# A million records, and hundreds of labeling functions and classes: the page stays small.
rows=1000000
[ -z "${WS_SANITIZED:-}" ] || rows=50000
awk -v n=$rows 'BEGIN {
  print "id,a,b,c,d,e,label"
  for (i = 0; i < n; i++) {
    x = (i * 7919 + int(i / 13) * 104729) % 1000003; y = i % 2 ? "A" : "B"
    printf "r%d,%s,%s,%s,%s,%s,%s\n", i, x % 3 ? y : "", x % 5 ? "" : y, x % 7 < 2 ? "A" : "",
      x % 11 < 4 ? "B" : "", x % 17 < 3 ? (x % 2 ? "A" : "B") : "", x % 101 ? "" : y
  }
}' >votes.csv
weaksup fit --votes votes.csv --classes A,B --id id -q --no-classifier --out run
weaksup report run -q
test "$(wc -c <run/report.html)" -lt 1000000 && echo small
grep -c '<article' run/report.html
# 600 labeling functions, 70 classes, long texts, as many examples as there may be.
awk 'BEGIN {
  for (i = 0; i < 3000; i++) {
    printf "{\"id\":\"%d\",\"text\":\"", i
    for (w = 0; w < 300; w++) printf "word%d ", (i * 31 + w * w) % 997
    printf "\",\"votes\":{"
    for (j = 0; j < 40; j++) printf "%s\"labeling_function_%d\":%d", j ? "," : "", (i * 7 + j * 15) % 600, (i + (j * j) % 3) % 70
    printf "}}\n"
  }
}' >wide.jsonl
classes=$(awk 'BEGIN {for (k = 0; k < 70; k++) printf "%sclass number %d", k ? "," : "", k}')
weaksup fit --votes wide.jsonl --classes "$classes" --id id -q --no-classifier --out wide 2>/dev/null
weaksup report wide -q --examples 100
test "$(wc -c <wide/report.html)" -lt 5000000 && echo small
grep -o 'The [0-9]* of [0-9]* labeling functions are shown\|The first [0-9]* of [0-9]* classes' wide/report.html
grep -c '<tr id="lf' wide/report.html
