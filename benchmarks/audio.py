"""How well are sounds classified: spoken digits, digits of a speaker never heard, environmental sounds?

Beside the network, in the same run on the same splits, an RBF support vector machine on the means and deviations of MFCC.

    SEQCONV_DATA=... python benchmarks/audio.py digits speakers esc10
    SEQCONV_DATA=... python benchmarks/audio.py speakers --inner      # by this the settings below were chosen
"""

import argparse
import platform
import time

import keras
import librosa
import numpy as np
import sklearn
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

import seqconv
from seqconv.adapters import AudioAdapter
from seqconv.augment import (
    Equalizer,
    FrequencyMasking,
    FrequencyShift,
    FrequencyWarp,
    Mixup,
    RandomShift,
    SpeedChange,
    TimeMasking,
)
from seqconv.datasets import load_esc10, load_spoken_digits
from seqconv.encoders import FCN
from seqconv.layers import ChunkMaxPooling1D

# Trimmed and cut into chunks, a word is known by the order of its sounds; what differs from speaker to speaker is drawn.
DIGITS = {
    "adapter": AudioAdapter(8000, n_mels=40, trim_db=20, range_db=40),
    "encoder": FCN(filters=(64, 64, 64), kernel_sizes=(5, 5, 5)),
    "pooling": ChunkMaxPooling1D(8, flatten=True),
    "augment": [
        SpeedChange((0.7, 1.4), rate=1),
        FrequencyWarp((0.88, 1.12), rate=1),
        FrequencyShift(2, rate=1),
        Equalizer(0.4, rate=1),
        TimeMasking(2, 0.1, "mean", rate=1),
        FrequencyMasking(2, 0.15, "mean", rate=1),
    ],
    "epochs": 30,
    "batch_size": 32,
}
SOUNDS = {
    "adapter": AudioAdapter(16_000, n_mels=40, window_seconds=0.064, hop_seconds=0.04, range_db=50),
    "encoder": FCN(filters=(96, 96, 96), kernel_sizes=(5, 5, 5)),
    "pooling": "mean_max",
    "augment": [
        RandomShift(0.5, "wrap", rate=1),
        FrequencyShift(1, rate=1),
        TimeMasking(2, 0.1, "mean", rate=1),
        FrequencyMasking(2, 0.1, "mean", rate=1),
        Mixup(0.4),
    ],
    "epochs": 80,
    "batch_size": 16,
}
# The set, what is tested in turn, and the settings.
QUESTIONS = {
    "digits": (load_spoken_digits, "official", DIGITS),
    "speakers": (load_spoken_digits, "speaker", DIGITS),
    "esc10": (load_esc10, "fold", SOUNDS),
}


def splits(clips, rule, inner):
    """(what is tested, training cases, test cases); `inner` tests on a share of what the test part leaves."""
    if rule == "official":
        test = clips.part_is("test")
        if inner:
            rest = np.flatnonzero(~test)
            train, test = next(StratifiedKFold(9, shuffle=True, random_state=0).split(rest, clips.y[rest]))
            return [("a ninth of the training part", rest[train], rest[test])]
        return [("test part", np.flatnonzero(~test), np.flatnonzero(test))]
    columns = clips.groups if rule == "speaker" else clips.part
    names = np.unique(columns).tolist()
    if inner:  # the last is never looked at
        names = names[:-1]
    known = np.isin(columns, names)
    return [(name, np.flatnonzero(known & (columns != name)), np.flatnonzero(columns == name)) for name in names]


def by_svm(train, test, sampling_rate_hz):
    """Accuracy of a support vector machine on the mean and deviation of each MFCC over time."""
    adapter = AudioAdapter(sampling_rate_hz, n_mels=40, features="mfcc", n_mfcc=20, normalize=None, n_jobs=-1)
    X, X_test = (_summaries(adapter.fit(train.X).transform(part.X)) for part in (train, test))
    return make_pipeline(StandardScaler(), SVC(C=10)).fit(X, train.y).score(X_test, test.y)


def _summaries(X):
    return np.concatenate([np.nanmean(X, axis=1), np.nanstd(X, axis=1)], axis=1)


def by_network(train, test, settings, n_members, epochs, seed):
    classifier = seqconv.SeqConvClassifier(
        settings["encoder"],
        adapter=settings["adapter"],
        augment=settings["augment"],
        pooling=settings["pooling"],
        epochs=epochs or settings["epochs"],
        batch_size=settings["batch_size"],
        validation_fraction=0,
        n_members=n_members,
        random_state=seed,
    )
    return classifier.fit(train.X, train.y).score(test.X, test.y)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", nargs="+", choices=list(QUESTIONS))
    parser.add_argument(
        "--inner", action="store_true", help="test on a share of the training parts, never on test parts"
    )
    parser.add_argument("--members", type=int, default=1, help="networks whose probabilities are averaged")
    parser.add_argument("--epochs", type=int, help="passes over the training part; default: as set in this file")
    parser.add_argument("--seeds", type=int, default=3, help="fits of each split")
    options = parser.parse_args()
    print(f"seqconv {seqconv.__version__}, keras {keras.__version__} on {keras.backend.backend()},", end=" ")
    print(f"librosa {librosa.__version__}, scikit-learn {sklearn.__version__}, Python {platform.python_version()}")
    print(
        f"{options.members} member(s), {options.seeds} seed(s){', splits of the training parts' if options.inner else ''}"
    )
    print(f"{'question':<10}{'tested':<30}{'seqconv':>16}{'MFCC + SVM':>12}{'s a fit':>9}")
    for question in options.questions:
        load, rule, settings = QUESTIONS[question]
        clips, found, baseline = load(), [], []
        for name, train, test in splits(clips, rule, options.inner):
            train, test = clips[train], clips[test]
            baseline.append(by_svm(train, test, settings["adapter"].sampling_rate_hz))
            start = time.perf_counter()
            fits = [
                by_network(train, test, settings, options.members, options.epochs, seed)
                for seed in range(options.seeds)
            ]
            seconds = (time.perf_counter() - start) / options.seeds
            found.append(fits)
            row = f"{np.mean(fits):>8.3f} +- {np.std(fits):.3f}{baseline[-1]:>12.3f}{seconds:>9.0f}"
            print(f"{question:<10}{name!s:<30}{row}", flush=True)
        if len(found) > 1:
            means = np.mean(found, axis=0)  # over the splits, one a seed
            print(f"{question:<10}{'mean':<30}{means.mean():>8.3f} +- {means.std():.3f}{np.mean(baseline):>12.3f}")


if __name__ == "__main__":
    main()
