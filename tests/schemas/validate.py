# SPDX-License-Identifier: MIT
# Validates JSON documents, or with --lines JSON Lines, against a schema of docs/schemas:
# validate.py [--lines] FOLDER NAME FILE
import json
import pathlib
import sys

import jsonschema

lines = sys.argv[1] == "--lines"
folder, name, path = sys.argv[2:] if lines else sys.argv[1:]
schemas = {p.name: json.loads(p.read_text()) for p in pathlib.Path(folder).glob("*.schema.json")}
schema = schemas[name + ".schema.json"]
jsonschema.Draft202012Validator.check_schema(schema)
resolver = jsonschema.RefResolver(name + ".schema.json", schema, store=schemas)
validator = jsonschema.Draft202012Validator(schema, resolver=resolver)


def refuse(word):
    raise ValueError("not JSON: " + word)


text = pathlib.Path(path).read_text()
documents = text.splitlines() if lines else [text]
bad = 0
for number, document in enumerate(documents, 1):
    try:
        errors = validator.iter_errors(json.loads(document, parse_constant=refuse))
        messages = ["/".join(map(str, e.absolute_path)) + ": " + e.message[:300] for e in errors]
    except ValueError as e:
        messages = [str(e)]
    for message in messages[:5]:
        print(f"{name}: {path}:{number}: {message}")
    bad += bool(messages)
sys.exit(1 if bad or not documents else 0)
