#!/bin/sh
# SPDX-License-Identifier: MIT
# The forms of `weaksup export`, read by those who read them: run.sh PROGRAM. Needs Python with
# NumPy and jsonschema (python3-numpy, python3-jsonschema).
set -eu
program=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
python=/usr/bin/python3
"$python" -c 'import jsonschema, numpy' 2>/dev/null || { echo "skipped: no python3-numpy or python3-jsonschema" >&2; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -r "$here/../../samples/spam" "$scratch"
cd "$scratch/spam"
"$program" fit lfs -q
cp data/train.jsonl ../data.jsonl
"$program" export run --out ../labels.jsonl
"$program" export run --to npy --out ../m
"$program" export run --to huggingface --out ../huggingface.jsonl -q
"$program" export run --to chat --out ../chat.jsonl -q
"$program" export run --to preferences --runner-up 0.2 --out ../preferences.jsonl -q
"$program" export run --to gbnf --out ../g.gbnf
"$program" export run --to gbnf --answers codes --out ../codes.gbnf
"$program" export run --to json-schema --out ../s.json
printf '{"id":"1","votes":["a \\"b\\"\\\\ c",null,"é"]}\n{"id":"2","votes":["a \\"b\\"\\\\ c","é","é"]}\n' >odd.jsonl
mv odd.jsonl ..
cd ..
"$program" fit --votes odd.jsonl --classes 'a "b"\ c,é' --out odd -q --no-classifier
cd spam
"$program" export ../odd --to gbnf --out ../odd.gbnf
printf '["a \\"b\\"\\\\ c","é"]' >../odd.json
"$python" "$here/readers.py" "$scratch"
