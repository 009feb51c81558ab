# train and cv --labels take the task that lies here, as other commands do.
cat >weaksup.lua <<'END'
classes = { "spam", "ham" }
text = "body"
gold = "kind"
data = "nowhere.jsonl"
END
for i in $(seq 40); do
  echo "{\"body\":\"win cash prize $i\",\"kind\":\"spam\",\"other\":\"lunch $i\",\"mark\":1}"
  echo "{\"body\":\"see you at lunch $i\",\"kind\":\"ham\",\"other\":\"cash $i\",\"mark\":0}"
done >labels.jsonl
echo '# Fields and classes'
weaksup train --labels labels.jsonl --out run | sed -n 2p
echo '{"body":"cash prize"}' | weaksup predict run --data - --probs none
weaksup cv --labels labels.jsonl --folds 4 --json | jq -c '.records, .classifier.accuracy.mean'
echo '# Options win'
weaksup train -q --labels labels.jsonl --text other --out other
echo '{"other":"cash"}' | weaksup predict other --data - --probs none
weaksup cv --labels labels.jsonl --folds 4 --text other --json | jq -c .classifier.accuracy.mean
weaksup train --labels labels.jsonl --gold mark --out mark | sed -n 2p
echo '{"body":"cash prize"}' | weaksup predict mark --data - --probs none # class 1 of the task
weaksup train --labels labels.jsonl --classes ham,spam --text body --gold kind --out own | sed -n 2p
echo '# Labels of another task'
sed 's/"spam"/"SPAMM"/' labels.jsonl >wrong.jsonl
weaksup train -q --labels wrong.jsonl --out no; echo "exit $?"
weaksup cv -q --labels wrong.jsonl --task weaksup.lua; echo "exit $?"
echo '# Without a task all is as before'
mkdir none && cd none
weaksup train --labels ../labels.jsonl --text body --gold kind --out run | sed -n 2p
weaksup train -q --labels ../labels.jsonl --out run; echo "exit $?"
