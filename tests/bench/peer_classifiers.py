# SPDX-License-Identifier: MIT
# The documents of bench_classifier with other classifiers, those that this Python has:
# peer_classifiers.py FILE.jsonl KIND. Trains on the most probable class of "probs", as most
# can do no other, from texts in memory; then predicts the same texts. Prints seconds.
import json
import sys
import time


def read(path):
    texts, labels = [], []
    with open(path) as file:
        for line in file:
            row = json.loads(line)
            texts.append(row["text"])
            labels.append(max(row["probs"], key=row["probs"].get))
    return texts, labels


def sklearn(texts, labels, linear):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.svm import LinearSVC

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\w+|[^\w\s]")
    chars = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
    model = LinearSVC() if linear else LogisticRegression(C=3, max_iter=100)
    few = len(texts[0].split()) < 10
    return make_pipeline(make_union(words, chars) if few else words, model).fit(texts, labels)


def fasttext(texts, labels):
    import tempfile

    import fasttext as library

    with tempfile.NamedTemporaryFile("w") as file:
        for text, label in zip(texts, labels):
            file.write(f"__label__{label} {text}\n")
        file.flush()
        return library.train_supervised(file.name, wordNgrams=2, thread=2, verbose=0)


def main():
    texts, labels = read(sys.argv[1])
    kind = sys.argv[2]
    began = time.time()
    try:
        model = fasttext(texts, labels) if kind == "fastText" else sklearn(
            texts, labels, kind == "LinearSVC")
    except ImportError as error:
        print(f"  {kind}: not installed ({error.name})")
        return
    trained = time.time()
    model.predict(texts)
    rate = len(texts) / (time.time() - trained)
    print(f"  {kind:<24} {trained - began:8.2f} s to train {rate:12.0f} predictions/s")


main()
