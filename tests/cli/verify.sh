# Which generated files were edited since.
mkdir -p lfs/generated
cat >lfs/generated/asks.lua <<'EOF'
-- weaksup-generated: v1 | lf=asks_to_subscribe | status=accepted | round=2 | variant=general
-- model=qwen3-32b | endpoint=openai | template=190e8fcdd645bb7c76033e85f0acf92d | prompt=5db921b0a662ccdebe20e5191d449b87 | reply=7b20385c5bc80ee2bd7b38f7b4af0b35
-- tokens=812/240 | cost-usd=0.00061
-- evidence=dev 38/41, precision 0.93 [0.81, 0.97], coverage 0.031
-- header=e8a8e036e73767daa293b702128c3f82 | source=18993f76a154d8366aa9131af19f539c
function lf.asks_to_subscribe(x)
  if has(x.text, { "subscribe" }) then return SPAM end
end
EOF
cat >lfs/generated/x.rules <<'EOF'
# weaksup-generated: v1 | lf=a | status=unproven | round=1
# model=m%7C%0A
# tokens=3/0
# header=7e52416f8996cedacc3fb04c61c3ee16 | source=001470f4df856cd7c009b9e76b1f486e
a SPAM /x/
EOF
printf 'my SPAM /my/\n' >lfs/own.rules
weaksup verify lfs; echo "exit $?"
weaksup verify lfs -v 2>/dev/null; echo "exit $?"
weaksup verify lfs -q; echo "exit $?"
weaksup verify lfs/generated/asks.lua; echo "exit $?"
weaksup verify lfs --json; echo "exit $?"

# They load with their headers, and work.
weaksup try lfs --classes HAM,SPAM --text 'subscribe to x' --json | jq -c '.votes[] | [.lf, .vote]'

# Code that was edited; a line more; another line end is no edit.
sed -i 's/"subscribe"/"subscribe", "sub"/' lfs/generated/asks.lua
cp lfs/generated/x.rules lfs/generated/y.rules
echo '# a remark' >>lfs/generated/y.rules
sed -i 's/$/\r/' lfs/generated/x.rules
weaksup verify lfs; echo "exit $?"
weaksup verify lfs -q; echo "exit $?"

# Headers that were changed, or are none.
sed -i 's/unproven/accepted/' lfs/generated/y.rules
sed 4d lfs/generated/x.rules >lfs/generated/z.rules
echo '-- Weaksup-Generated' >lfs/generated/zz.lua
weaksup verify lfs; echo "exit $?"
weaksup verify lfs --json | jq -c '.damaged, (.files[] | [.file, .code, .problem])'

# What is wrong.
weaksup verify; echo "exit $?"
weaksup verify nowhere; echo "exit $?"
printf '\377' >lfs/bad.lua; weaksup verify lfs; echo "exit $?"
mkdir empty; weaksup verify empty; echo "exit $?"
mkdir odd; cp lfs/generated/x.rules "odd/$(printf 'a\033[2J').rules"; weaksup verify odd; echo "exit $?"
