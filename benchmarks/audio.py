"""How well are sounds classified: spoken digits, digits of a speaker never heard, environmental sounds?

Beside the networks, in the same run on the same splits, an RBF support vector machine on the means and deviations of MFCC.
The settings were chosen with ``--inner``: within the training part of the digits; on the speakers and folds but the last in
turn, of which each is tested here, too, though by networks that never heard it. Wholly unseen are the last of each.

    SEQCONV_DATA=... python benchmarks/audio.py digits speakers esc10
    SEQCONV_DATA=... python benchmarks/audio.py speakers --inner
"""

import argparse
import platform
import time

import keras
import librosa
import numpy as np
import sklearn
from sklearn.ensemble import VotingClassifier
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

# A word is known by the order of its sounds; what differs from speaker to speaker, a microphone or a throat, is drawn.
VOICES = {
    "encoder": FCN(filters=(64, 64, 64), kernel_sizes=(5, 5, 5)),
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
# Of speakers who are known less is drawn.
KNOWN_VOICES = VOICES | {
    "augment": [
        SpeedChange((0.85, 1.2), rate=1),
        FrequencyWarp((0.95, 1.05), rate=1),
        Equalizer(0.2, rate=1),
        TimeMasking(2, 0.1, "mean", rate=1),
        FrequencyMasking(2, 0.1, "mean", rate=1),
    ],
}
WORD = AudioAdapter(8000, n_mels=40, trim_db=20, range_db=40)
WORD_BY_CHANNEL = AudioAdapter(8000, n_mels=40, trim_db=20, range_db=40, normalize="channel")
IN_ORDER = ChunkMaxPooling1D(8, flatten=True)
# A scene is heard in three ways: as a whole, without what lasts, and up to the highest frequencies.
FRAMES = {"window_seconds": 0.064, "hop_seconds": 0.04, "range_db": 50}
HEARD = [
    AudioAdapter(16_000, n_mels=40, **FRAMES),
    AudioAdapter(16_000, n_mels=40, **FRAMES, normalize="channel"),
    AudioAdapter(44_100, n_mels=64, **FRAMES),
]
SCENE = {
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
# The set, what is tested in turn, and the networks whose probabilities are averaged.
QUESTIONS = {
    "digits": (
        load_spoken_digits,
        "official",
        [KNOWN_VOICES | {"adapter": WORD, "pooling": pooling} for pooling in ("mean_max", IN_ORDER)],
    ),
    "speakers": (
        load_spoken_digits,
        "speaker",
        [
            VOICES | {"adapter": WORD, "pooling": IN_ORDER},
            VOICES | {"adapter": WORD_BY_CHANNEL, "pooling": IN_ORDER},
            VOICES | {"adapter": WORD, "pooling": "mean_max"},
        ],
    ),
    "esc10": (load_esc10, "fold", [SCENE | {"adapter": adapter} for adapter in HEARD]),
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


def by_networks(train, test, networks, seed):
    """Accuracy of the mean of the networks' probabilities."""
    classifiers = [
        seqconv.SeqConvClassifier(**settings, validation_fraction=0, random_state=seed) for settings in networks
    ]
    vote = VotingClassifier([(f"network {i}", one) for i, one in enumerate(classifiers)], voting="soft")
    return vote.fit(train.X, train.y).score(test.X, test.y)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", nargs="+", choices=list(QUESTIONS))
    parser.add_argument(
        "--inner", action="store_true", help="leave out the test part, the last speaker or the last fold altogether"
    )
    parser.add_argument("--seeds", type=int, default=3, help="fits of each split")
    options = parser.parse_args()
    print(f"seqconv {seqconv.__version__}, keras {keras.__version__} on {keras.backend.backend()},", end=" ")
    print(f"librosa {librosa.__version__}, scikit-learn {sklearn.__version__}, Python {platform.python_version()}")
    print(f"{options.seeds} seed(s){', splits of the training parts' if options.inner else ''}")
    print(f"{'question':<10}{'tested':<30}{'seqconv':>16}{'MFCC + SVM':>12}{'s a fit':>9}")
    for question in options.questions:
        load, rule, networks = QUESTIONS[question]
        clips, found, baseline = load(), [], []
        for name, train, test in splits(clips, rule, options.inner):
            train, test = clips[train], clips[test]
            baseline.append(by_svm(train, test, networks[0]["adapter"].sampling_rate_hz))
            start = time.perf_counter()
            fits = [by_networks(train, test, networks, seed) for seed in range(options.seeds)]
            seconds = (time.perf_counter() - start) / options.seeds
            found.append(fits)
            row = f"{np.mean(fits):>8.3f} +- {np.std(fits):.3f}{baseline[-1]:>12.3f}{seconds:>9.0f}"
            print(f"{question:<10}{name!s:<30}{row}", flush=True)
        if len(found) > 1:
            means = np.mean(found, axis=0)  # over the splits, one a seed
            print(f"{question:<10}{'mean':<30}{means.mean():>8.3f} +- {means.std():.3f}{np.mean(baseline):>12.3f}")


if __name__ == "__main__":
    main()
