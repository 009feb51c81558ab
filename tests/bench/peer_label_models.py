# SPDX-License-Identifier: MIT
# The cases of bench_label_models with other label models, those that this Python has:
# peer_label_models.py [CASE]. Prints the seconds of a fit from votes in memory, and the peak
# memory of the process beside that before the fit. Votes are drawn as the bench draws them,
# though not the same ones.
import resource
import sys
import time

import numpy as np

CASES = [
    ("1e6 x 50, K = 2, all distinct", 1_000_000, 50, 0.2, 0.3),
    ("1e6 x 50, K = 2, poor LFs", 1_000_000, 50, 0.2, 0.05),
    ("1e5 x 200, K = 2", 100_000, 200, 0.2, 0.3),
]


def draw(rows, lfs, coverage, low):
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, rows)[:, None]
    accuracy = low + 0.4 * np.arange(lfs) / lfs
    votes = np.where(rng.random((rows, lfs)) < accuracy, truth, rng.integers(0, 2, (rows, lfs)))
    votes[rng.random((rows, lfs)) >= coverage] = -1
    return votes


def snorkel(votes):
    from snorkel.labeling.model import LabelModel

    return lambda: LabelModel(cardinality=2, verbose=False).fit(
        votes, n_epochs=100, seed=0, progress_bar=False)


def crowdkit(votes):
    import pandas
    from crowdkit.aggregation import DawidSkene

    task, worker = np.nonzero(votes >= 0)
    answers = pandas.DataFrame({"task": task, "worker": worker, "label": votes[task, worker]})
    return lambda: DawidSkene(n_iter=100).fit(answers)


def flyingsquid(votes):
    from flyingsquid.label_model import LabelModel

    signed = np.where(votes < 0, 0, 2 * votes - 1)
    return lambda: LabelModel(votes.shape[1]).fit(signed)


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


for number, (name, rows, lfs, coverage, low) in enumerate(CASES):
    if len(sys.argv) > 1 and int(sys.argv[1]) != number:
        continue
    votes = draw(rows, lfs, coverage, low)
    for peer in (snorkel, crowdkit, flyingsquid):
        try:
            fit = peer(votes)
        except ImportError as error:
            print(f"skipped: {peer.__name__}: {error}")
            continue
        before, start = peak(), time.perf_counter()
        fit()
        seconds = time.perf_counter() - start
        print(f"{name:36} {peer.__name__:12} {seconds:8.2f} s, {peak() - before:.0f} MB more", flush=True)
