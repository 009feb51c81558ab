# Names that would be code, or a command, if they were written as they are.
cat >make.py <<'PY'
import json
classes = ['a"b c', 'x end', 'words', 'ABSTAIN_', 'nil', '1', 'if', '\u202eabc', 'back\\slash',
           '\u00dcn\u00ef', 'a,b', '#x', 'x', ']]', '$(touch bad)', "it's", '/re/', 'class', 'lf',
           'ipairs', 'X', '--', 'os.exit(1)', 'a`b']
with open("it's \"data\"\n$(x).jsonl", "w") as f:
    for i in range(480):
        k = i % len(classes)
        f.write(json.dumps({
            'na"m\\e\n]]': 'k%d' % i,
            'te xt"\n': 'this is text number %d with tell%d and more%d' % (i, k, k),
            'la"bel': classes[k], 'words': 3, '--[[': 'q"]]\n', 'x"] end': '\\'}) + "\n")
PY
python3 make.py
data="it's \"data\"
\$(x).jsonl"
weaksup init "it's a; \$(y) \"d\"" --data "$data" --gold 'la"bel'; echo "exit $?"
cd "it's a; \$(y) \"d\"" || exit
cat weaksup.lua lfs/first.rules lfs/first.lua README.md
ls lfs
weaksup test lfs; echo "exit $?"
weaksup fit lfs >out.txt; echo "exit $?"
grep '^data  *label model' out.txt

# Names that classes cannot have: the field is left alone, or an error says why.
cd ..
for i in $(seq 30); do printf '{"text":"so it is","label":"%s"}\n' "a$((i % 2))\\nb"; done >lines.jsonl
weaksup init lines --data lines.jsonl; echo "exit $?"; grep '^classes\|^gold' lines/weaksup.lua
weaksup init no --data lines.jsonl --gold label; echo "exit $?"
[ ! -e no ] || echo 'no is there'
