# Labels for training elsewhere. What reads them is tests/exports.
cd "$SAMPLES/spam"
cat >>weaksup.lua <<'END'
task_text = "Is the comment \"spam\"?"
describe = { SPAM = "advertises something" }
END
weaksup fit lfs -q
weaksup export run --to huggingface | head -n 2
weaksup export run --to chat | head -n 1
weaksup export run --to chat --answers codes --min-confidence 0.97 | tail -n 1
weaksup export run --to chat --pick sample --seed 1 -q | grep -o '"assistant","content":"[A-Z]*"' | sort | uniq -c
weaksup export run --to chat --pick sample --seed 2 -q | md5sum >two
weaksup export run --to chat --pick sample --seed 2 -q | md5sum | cmp two && echo same
weaksup export run --to preferences --runner-up 0.4 | head -n 1
weaksup export run --to gbnf
weaksup export run --to gbnf --answers codes
weaksup export run --to json-schema
weaksup export run --to npy --out matrices && ls matrices
cat matrices/classes.json; head -c 60 matrices/ids.json; echo

# From elsewhere: texts are found beside the run.
cd /
weaksup export "$SAMPLES/spam/run" --to huggingface -q | wc -l
cd "$SAMPLES/spam"

echo '# Trouble'
weaksup export run --to npy; echo "exit $?"
weaksup export run --to chats; echo "exit $?"
weaksup export run --to gbnf --pick sample; echo "exit $?"
weaksup export run --to chat --pick best; echo "exit $?"
weaksup export run --to chat --min-confidence 2; echo "exit $?"
weaksup export run --to chat --data data/test.jsonl --out c.jsonl; echo "exit $?"
ls c.jsonl
echo '{"id":"x","text":"y"}' >>data/train.jsonl
weaksup export run --to chat; echo "exit $?"
weaksup fit --votes run/votes.wsv --out votes -q --no-classifier
weaksup export votes --to chat; echo "exit $?"
printf 'id,text\nq,r\n' >t.csv
weaksup export votes --to chat --data t.csv; echo "exit $?"
touch plain
weaksup export run --to npy --out plain; echo "exit $?"
