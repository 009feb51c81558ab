# Labeling functions over HTTP, from a stub server: free, and held to the JSON form; and servers
# that cut, refuse or dawdle.
. "$(realpath "$SAMPLES/../tests")/support/planted_task.sh"
planted_task . 300 200 2
mkdir stub
mkfifo hold
python3 "$SAMPLES/../tests/support/chat_server.py" "$PWD/stub" <hold &
exec 9>hold
while [ ! -f stub/port ]; do sleep 0.1; done
url=http://127.0.0.1:$(cat stub/port)
last() { cat "stub/$(ls stub/*.json | wc -l).json"; }
generate() {
  path=$1
  shift
  rm -rf lfs generated
  weaksup generate lfs --endpoint "$url/$path" --model m --rounds 1 --no-classifier "$@" 2>err
  echo "exit $?"
  sed "s|$url|URL|; s/after [0-9]* milli.*/after MS/; s/{{*$/{/" err >&2
}

echo "--- free, and recorded"
generate lfs --record kept --quiet
last | grep -c response_format
cat lfs/generated/clicks.rules | sed 's/=[0-9a-f]\{32\}/=HASH/g'
cp -r generated first
echo "--- replayed: the server is not asked"
rm -rf lfs generated
weaksup generate lfs --replay kept --model m --rounds 1 --no-classifier --quiet
diff -r first generated
ls stub/*.json | wc -l
echo "--- held to the form, of which prompt and schema have the same kinds"
for kind in mixed lua rules; do
  generate lfs --constrain --kind $kind --quiet
  ls lfs/generated
  last | jq -c '[.body.response_format.json_schema.schema.properties.lfs.items.anyOf[]
    .properties.kind.enum[0]], [.body.messages[1].content | match("\"kind\": \"([a-z]+)\""; "g")
    .captures[0].string]'
done
echo "--- thinking is off then, where the server can be told"
for server in openai llama.cpp vllm ollama; do
  generate lfs --constrain --server $server --quiet >/dev/null
  last | jq -c '[.body.chat_template_kwargs, .body.reasoning_effort]'
done
echo "--- more are asked for, more may be said"
for n in 1 10 20 64; do
  generate lfs --n $n --quiet >/dev/null
  last | jq .body.max_tokens
done
generate lfs --n 64 --max-tokens 77 --quiet >/dev/null
last | jq .body.max_tokens
echo "--- all of it thought"
generate thought --json --quiet | grep '"reason"\|"evidence"\|"finish"'
echo "--- cut"
generate halflfs --quiet
generate halffilteredlfs --quiet
echo "--- refused, or not there"
generate refusal
generate error200
grep '"stopped"' generated/report.json
echo "--- it dawdles"
generate trickle --timeout 1 --attempts 1
exec 9>&-
wait
