# Scores on gold labels that were trained on are named as such, whatever file they are in.
for i in $(seq 120); do
  m=good l=yes
  [ $((i % 2)) = 0 ] && m=bad l=no
  [ $i -gt 60 ] && l=
  echo "$i,this is a $m thing $((i * 7 % 31)) of $i,$l"
done | sed '1i nr,say,mood' >mine.csv
for i in $(seq 201 300); do
  [ $((i % 2)) = 0 ] && echo "$i,some bad thing $i,no" || echo "$i,some good thing $i,yes"
done | sed '1i nr,say,mood' >other.csv
echo '# The labels of train: their file, a copy, some of them, one in twenty, and none'
weaksup train --labels mine.csv --text say --gold mood --id nr --out trained -q
cp mine.csv copy.csv
head -n 11 mine.csv >some.csv
{ cat other.csv; sed -n '2,6p' mine.csv; } >hardly.csv
{ cat other.csv; sed -n '2,7p' mine.csv; } >mixed.csv
for file in mine copy some hardly mixed other; do
  echo "-- $file" >&2
  weaksup evaluate trained --data $file.csv -q
done
echo '# Ids with labels, and the records that they are for'
cut -d , -f 1,3 mine.csv >ids.csv
weaksup train --labels ids.csv --data copy.csv --text say --gold mood --id nr --out joined -q
echo '-- joined' >&2
weaksup evaluate joined --data copy.csv -q
echo '# dev of fit, and the data that it is of'
weaksup init task --data mine.csv -q
weaksup fit task/lfs --out run -q 2>/dev/null
for file in task/dev.jsonl mine.csv other.csv; do
  echo "-- $file" >&2
  weaksup evaluate run --data $file -q
done
echo '# A file that is gone tells nothing'
rm mine.csv
echo '-- gone' >&2
weaksup evaluate trained --data some.csv -q
weaksup evaluate trained --data copy.csv -q
