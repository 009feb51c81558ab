# SPDX-License-Identifier: MIT
# The twenty functions of run.sh as Snorkel's: peer_snorkel.py RECORDS.jsonl PATTERN...
# Prints records a second of its appliers, of lists and of pandas' frames, medians of three runs.
# Reading the records and making their text lower-case is done before, which counts in Snorkel's
# favour.
import json
import re
import statistics
import sys
import time
from types import SimpleNamespace

import pandas
from snorkel.labeling import LFApplier, LabelingFunction, PandasLFApplier

RECORDS = 20000


def pattern_lf(number, pattern):
    compiled = re.compile(pattern, re.IGNORECASE)
    return LabelingFunction(f"f{number}", lambda x: 0 if compiled.search(x.text) else -1)


def word_lf(number):
    wanted = f"word {number}"
    return LabelingFunction(f"g{number}", lambda x: 1 if wanted in x.lower else -1)


def read(path):
    with open(path, encoding="utf-8") as lines:
        for line, _ in zip(lines, range(RECORDS)):
            text = json.loads(line)["text"]
            yield SimpleNamespace(text=text, lower=text.lower())


def timed(applier, records):
    start = time.perf_counter()
    applier.apply(records, progress_bar=False)
    return len(records) / (time.perf_counter() - start)


records = list(read(sys.argv[1]))
patterns = sys.argv[2:]
lfs = [pattern_lf(i, p) for i, p in enumerate(patterns)]
lfs += [word_lf(i) for i in range(len(patterns))]
frame = pandas.DataFrame([vars(record) for record in records])
for applier, data in (LFApplier(lfs), records), (PandasLFApplier(lfs), frame):
    rate = statistics.median(timed(applier, data) for _ in range(3))
    print(type(applier).__name__, round(rate))
