"""Choose the default for series from training parts alone, by the loss of leave-one-out answers.

    SEQCONV_DATA=... python benchmarks/default.py

Each candidate is fitted to the training part of the complete UCR sets. No test part is read. The table has the mean log-loss and
accuracy of leave-one-out answers, the difference of the losses to the first candidate, paired by set, and the seconds of `fit`.
With ``--resamples`` the candidates are fitted to half of each training part and measured on the other half.
"""

import argparse
import time

import numpy as np
from peers import complete_sets, read
from sklearn.model_selection import StratifiedShuffleSplit

import seqconv
from seqconv.encoders import Bank, Hydra, IntervalQuantiles, MiniRocket, MultiRocket

SERIES, DIFFERENCE = MiniRocket(), MiniRocket(difference=True)
CANDIDATES = {
    "MiniRocket": MiniRocket(),
    "MiniRocket, difference": Bank([SERIES, DIFFERENCE]),
    "MiniRocket, difference, Hydra": Bank([SERIES, DIFFERENCE, Hydra()]),
    "the same and quantiles (default)": Bank(),
    "the same and quantiles with spectrum": Bank([SERIES, DIFFERENCE, Hydra(), IntervalQuantiles()]),
    "MultiRocket, Hydra": Bank([MultiRocket(), Hydra()]),
    "half of MiniRocket, difference": Bank([MiniRocket(5_000), MiniRocket(5_000, True)]),
}


def measure(encoder, X, y, n_resamples):
    """Log-loss, accuracy and seconds of a candidate on one set."""
    rows = []
    if not n_resamples:
        started = time.process_time()
        classifier = seqconv.SeqConvClassifier(encoder, random_state=0).fit(X, y)
        rows.append((classifier.loo_proba_, np.searchsorted(classifier.classes_, y), time.process_time() - started))
    for fit, held in (
        StratifiedShuffleSplit(n_resamples, test_size=0.5, random_state=0).split(X, y) if n_resamples else ()
    ):
        started = time.process_time()
        classifier = seqconv.SeqConvClassifier(encoder, random_state=0).fit(X[fit], y[fit])
        seconds = time.process_time() - started
        rows.append((classifier.predict_proba(X[held]), np.searchsorted(classifier.classes_, y[held]), seconds))
    losses = [-np.log(np.maximum(found[np.arange(len(true)), true], 1e-12)).mean() for found, true, _ in rows]
    hits = [(found.argmax(axis=1) == true).mean() for found, true, _ in rows]
    return np.mean(losses), np.mean(hits), np.mean([seconds for *_, seconds in rows])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="+", help="names of UCR sets; default: all complete ones")
    parser.add_argument("--candidates", nargs="+", choices=list(CANDIDATES), default=list(CANDIDATES), metavar="NAME")
    parser.add_argument("--resamples", type=int, default=0, help="halves of each training part; 0: leave-one-out")
    options = parser.parse_args()
    names = options.sets or complete_sets()
    kept = []
    for name in names:
        X, y = read(name, "TRAIN")
        if not options.resamples or np.unique(y, return_counts=True)[1].min() >= 4:
            kept.append((X, y))
    first = None
    print(f"{len(kept)} sets, training parts alone")
    print(f"{'':40}{'log-loss':>10}{'accuracy':>10}{'loss, difference to the first':>32}{'fit, s':>9}")
    for name in options.candidates:
        figures = np.array([measure(CANDIDATES[name], X, y, options.resamples) for X, y in kept])
        first = figures if first is None else first
        apart = figures[:, 0] - first[:, 0]
        error = apart.std(ddof=1) / np.sqrt(len(apart)) if len(apart) > 1 else 0.0
        line = f"{name:40}{figures[:, 0].mean():10.4f}{figures[:, 1].mean():10.4f}"
        print(f"{line}{f'{apart.mean():+.4f} +- {error:.4f}':>32}{figures[:, 2].sum():9.1f}", flush=True)


if __name__ == "__main__":
    main()
