"""Compare the text default with scikit-learn's linear models: accuracy, F1, log-loss, seconds and memory, on one core.

    SEQCONV_DATA=... python benchmarks/peers_text.py --csv text.csv
    SEQCONV_DATA=... python benchmarks/peers_text.py --sets SMS TREC --seeds 0

SMS without its repeated messages, made-up messages and made-up tickets are split anew for each seed; SMS as in
`benchmarks/spam.py`, the others as in the examples. TREC, SST-2 and R8 have an official split, and are measured once. F1 is that
of spam, or the mean over the classes. A support vector machine has the log-loss and calibration error of a second fit in
`CalibratedClassifierCV`, whose seconds do not count. Seconds are CPU seconds of one core for `fit` and the answers to the test
part, after a first small fit. Each method has a process of its own; memory is the process's peak so far, so sets come by size.
"""

import argparse
import csv
import functools
import pathlib
import sys
import tempfile
import time

import numpy as np
from peers import call, peak_memory, scores, work
from peers_table import compare
from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from seqconv import datasets

OFFICIAL = {"TREC": "trec", "SST-2": "sst2", "R8": "r8"}
SETS = ("tickets", "messages", "SMS", "TREC", "SST-2", "R8")
ANCHOR = "words, characters + SVM"


def default(seed):
    import seqconv  # without Keras in the processes of the baselines
    from seqconv.adapters import TextAdapter

    return seqconv.SeqConvClassifier(adapter=TextAdapter(), random_state=seed)


def words():
    return TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)


def characters():
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)


def logistic():
    """Choose the penalty by the log-loss in three folds."""
    penalties = {"C": [1, 10, 100, 1_000]}
    return GridSearchCV(LogisticRegression(max_iter=300), penalties, scoring="neg_log_loss", cv=3)


METHODS = {
    "seqconv default": default,
    "words + SVM": lambda seed: make_pipeline(words(), LinearSVC()),
    "characters + SVM": lambda seed: make_pipeline(characters(), LinearSVC()),
    ANCHOR: lambda seed: make_pipeline(make_union(words(), characters()), LinearSVC()),
    "words, characters + logistic": lambda seed: make_pipeline(make_union(words(), characters()), logistic()),
}


@functools.cache
def read(name):
    """All texts of a set."""
    if name in OFFICIAL:
        return datasets.load_sentences(OFFICIAL[name])
    if name == "SMS":
        return datasets.load_sms_spam(distinct=True)
    if name == "messages":
        return datasets.make_messages(2_000, random_state=0)
    return datasets.make_tickets(1_500, random_state=0)


def split(name, seed):
    """Texts and labels of training and test part: (X, X_test, y, y_test)."""
    texts = read(name)
    if name in OFFICIAL:
        test = texts.part_is("test")
        train, test = texts[~test], texts[test]
        return train.X, test.X, train.y, test.y
    share = 0.4 if name == "tickets" else 0.3
    return train_test_split(texts.X, texts.y, test_size=share, stratify=texts.y, random_state=seed)


def measure(method, name, seed):
    """One row of the table."""
    X, X_test, y, y_test = split(name, seed)
    wall, cpu = time.perf_counter(), time.process_time()
    fitted = METHODS[method](seed).fit(X, y)
    fit = time.process_time() - cpu
    is_calibrated = hasattr(fitted, "predict_proba")
    probabilities = np.asarray(fitted.predict_proba(X_test)) if is_calibrated else None
    predicted = fitted.classes_[probabilities.argmax(axis=1)] if is_calibrated else fitted.predict(X_test)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    memory = peak_memory()
    if not is_calibrated:
        probabilities = CalibratedClassifierCV(METHODS[method](seed), ensemble=False).fit(X, y).predict_proba(X_test)
    kind = {"pos_label": "spam"} if "spam" in fitted.classes_ else {"average": "macro"}
    true = np.searchsorted(fitted.classes_, y_test)
    _, loss, calibration = scores(probabilities, true)
    f1 = f1_score(y_test, predicted, **kind)
    return method, name, seed, (predicted == y_test).mean(), loss, calibration, cpu, wall, memory, cpu - fit, f1


def print_tables(rows, anchor):
    """Print a table for each set, paired by split, and one for all, paired by set."""
    for name in SETS:
        own = [(method, f"{name} {seed}", seed, *figures) for method, one, seed, *figures in rows if one == name]
        if own:
            print(f"\n{name}")
            compare(own, anchor)
    print("\nall")
    compare(rows, anchor)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", action="store_true", help="measure in this process, and print nothing")
    parser.add_argument("--methods", nargs="+", default=list(METHODS), choices=list(METHODS), metavar="METHOD")
    parser.add_argument("--sets", nargs="+", default=list(SETS), choices=SETS, metavar="SET")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2, 3, 4])
    parser.add_argument("--anchor", default=ANCHOR, help="method to which the others are compared")
    parser.add_argument("--csv", help="file to which the rows are appended; rows of an earlier run count as well")
    options = parser.parse_args()
    if options.work:
        seeds = {name: options.seeds[: 1 if name in OFFICIAL else None] for name in options.sets}
        jobs = [(name, seed) for name in options.sets for seed in seeds[name]]
        work(measure, options.methods[0], ("messages", 0), jobs, options.csv)
        return
    path = options.csv or tempfile.mkstemp(suffix=".csv")[1]
    settings = "--sets", *options.sets, "--seeds", *map(str, options.seeds), "--csv", path
    for method in options.methods:
        call(sys.executable, __file__, "--work", "--methods", method, *settings)
    with pathlib.Path(path).open(newline="") as file:
        print_tables(list(csv.reader(file)), options.anchor)


if __name__ == "__main__":
    main()
