# SPDX-License-Identifier: MIT
# Reads what `weaksup export` writes as those who use it do: readers.py FOLDER, which holds
# what run.sh made.
import json
import pathlib
import re
import sys

import jsonschema
import numpy

folder = pathlib.Path(sys.argv[1])
labels = [json.loads(line) for line in (folder / "labels.jsonl").read_text().splitlines()]
classes = json.loads((folder / "m/classes.json").read_text())
covered = [row for row in labels if row["votes"] and row["label"] is not None]


def rows(name):
    """As a loader of data sets reads JSON Lines: every row with the same columns, of the same types."""
    found = [json.loads(line) for line in (folder / name).read_text().splitlines()]
    assert found, name
    for row in found:
        assert list(row) == list(found[0]), (name, row)
        assert [type(v) for v in row.values()] == [type(v) for v in found[0].values()], (name, row)
    return found


# NumPy.
y = numpy.load(folder / "m/labels.npy", allow_pickle=False)
p = numpy.load(folder / "m/probs.npy", allow_pickle=False)
ids = json.loads((folder / "m/ids.json").read_text())
assert y.dtype == numpy.int64 and p.dtype == numpy.float64
assert p.shape == (len(labels), len(classes)) and y.shape == (len(labels),)
assert ids == [row["id"] for row in labels]
assert numpy.abs(p.sum(axis=1) - 1).max() < 1e-12
for i, row in enumerate(labels):
    assert list(row["probs"].values()) == list(p[i])
    assert (classes[y[i]] if y[i] >= 0 else None) == row["label"]

# Texts with labels.
texts = {}
for line in (folder / "data.jsonl").read_text().splitlines():
    record = json.loads(line)
    texts[record["id"]] = record["text"]
found = rows("huggingface.jsonl")
assert [row["id"] for row in found] == [row["id"] for row in covered]
for row, expected in zip(found, covered):
    assert row["text"] == texts[row["id"]]
    assert row["label_text"] == expected["label"] == classes[row["label"]]
    assert row["probs"] == list(expected["probs"].values())

# Conversations.
for row in rows("chat.jsonl"):
    assert [m["role"] for m in row["messages"]] == ["system", "user", "assistant"]
    assert all(isinstance(m["content"], str) and m["content"] for m in row["messages"])
    assert row["messages"][2]["content"] in classes

# Preferences.
for row in rows("preferences.jsonl"):
    probs = dict(zip(classes, p[ids.index(row["id"])]))
    assert texts[row["id"]] in row["prompt"]
    assert probs[row["chosen"]] == max(probs.values()) > probs[row["rejected"]] >= 0.2
    assert row["chosen"] != row["rejected"]


def literals(grammar):
    """The texts that `root ::= "a" | "b"` accepts, read character by character."""
    assert grammar.startswith("root ::= ") and grammar.endswith("\n"), grammar
    rest, texts = grammar[len("root ::= ") : -1], []
    while True:
        match = re.match(r'"((?:[^"\\\n]|\\["\\]|\\x[0-9A-F]{2})*)"', rest)
        assert match, rest
        texts.append(re.sub(r'\\(x..|.)', lambda m: chr(int(m[1][1:], 16)) if m[1][0] == "x" else m[1], match[1]))
        rest = rest[match.end() :]
        if not rest:
            return texts
        assert rest.startswith(" | "), rest
        rest = rest[3:]


assert literals((folder / "g.gbnf").read_text()) == classes
assert literals((folder / "codes.gbnf").read_text()) == ["AA", "AB", "AC"][: len(classes)]
odd = json.loads((folder / "odd.json").read_text())
assert literals((folder / "odd.gbnf").read_text()) == odd

schema = json.loads((folder / "s.json").read_text())
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
assert all(validator.is_valid({"label": name}) for name in classes)
for wrong in ({"label": "no such class"}, {"label": None}, {}, {"label": classes[0], "more": 1}):
    assert not validator.is_valid(wrong), wrong
print("read", len(labels), "labels")
