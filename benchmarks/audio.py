"""Accuracy on spoken digits, on digits of a speaker never heard, and on environmental sounds.

Networks on mel bands and the default, fixed kernels with a head in closed form, on cepstra vote, each side with half of the
weight. The same run fits an RBF support vector machine to the means and deviations of MFCC, on the same splits. The settings
of the networks were chosen with ``--inner``. For the digits that splits the training part. For speakers and folds it tests all but
the last in turn. Here they are tested too, by networks that never heard them. The last of each was never used to choose.
``--baselines`` fits simple models alone: the support vector machine, and others on MFCC in successive pieces.

    SEQCONV_DATA=... python benchmarks/audio.py digits speakers esc10
    SEQCONV_DATA=... python benchmarks/audio.py digits speakers esc10 --baselines
    SEQCONV_DATA=... python benchmarks/audio.py speakers --inner
"""

import argparse
import itertools
import platform
import time

import keras
import librosa
import numpy as np
import sklearn
from sklearn.ensemble import RandomForestClassifier
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

# The order of its sounds tells a word. The augmentation varies what differs between speakers: microphone and throat.
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
# Known speakers need less variation.
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
# For the fixed kernels. Loudness is a cepstrum, too, so it is not taken out of a clip.
CEPSTRA = {"n_mels": 40, "features": "mfcc", "n_mfcc": 20, "normalize": None}
WORD_CEPSTRA = AudioAdapter(8000, trim_db=20, range_db=40, **CEPSTRA)
IN_ORDER = ChunkMaxPooling1D(8, flatten=True)
# Three views of a scene: as a whole, without constant sounds, and up to the highest frequencies.
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
SCENE_CEPSTRA = AudioAdapter(16_000, **FRAMES, **CEPSTRA)
# The loader, the parts tested in turn, the networks whose probabilities are averaged, and the adapter of the fixed kernels.
QUESTIONS = {
    "digits": (
        load_spoken_digits,
        "official",
        [KNOWN_VOICES | {"adapter": WORD, "pooling": pooling} for pooling in ("mean_max", IN_ORDER)],
        WORD_CEPSTRA,
    ),
    "speakers": (
        load_spoken_digits,
        "speaker",
        [
            VOICES | {"adapter": WORD, "pooling": IN_ORDER},
            VOICES | {"adapter": WORD_BY_CHANNEL, "pooling": IN_ORDER},
            VOICES | {"adapter": WORD, "pooling": "mean_max"},
        ],
        WORD_CEPSTRA,
    ),
    "esc10": (load_esc10, "fold", [SCENE | {"adapter": adapter} for adapter in HEARD], SCENE_CEPSTRA),
}


def splits(clips, rule, inner):
    """Return (name of the tested part, training cases, test cases) of each split; `inner` leaves out the test part."""
    if rule == "official":
        test = clips.part_is("test")
        if inner:
            rest = np.flatnonzero(~test)
            train, test = next(StratifiedKFold(9, shuffle=True, random_state=0).split(rest, clips.y[rest]))
            return [("a ninth of the training part", rest[train], rest[test])]
        return [("test part", np.flatnonzero(~test), np.flatnonzero(test))]
    columns = clips.groups if rule == "speaker" else clips.part
    names = np.unique(columns).tolist()
    if inner:  # the last is never used
        names = names[:-1]
    known = np.isin(columns, names)
    return [(name, np.flatnonzero(known & (columns != name)), np.flatnonzero(columns == name)) for name in names]


def statistics(X):
    """Return mean and deviation of each channel over time, (n_cases, 2 * n_channels)."""
    return np.concatenate([np.nanmean(X, axis=1), np.nanstd(X, axis=1)], axis=1)


def pieces(X, n_pieces=8):
    """Return statistics and the means of successive pieces, (n_cases, (2 + n_pieces) * n_channels)."""
    means = []
    for case in X:
        case = case[~np.isnan(case).all(axis=1)]
        edges = np.linspace(0, len(case), n_pieces + 1).astype(int)
        means.append([case[a : max(a + 1, b)].mean(axis=0) for a, b in itertools.pairwise(edges)])
    return np.concatenate([statistics(X), np.reshape(means, (len(X), -1))], axis=1)


def baselines():
    """Return trimming of silence in dB, features and model of each simple model; the first one is in every table."""
    svm = make_pipeline(StandardScaler(), SVC(C=10))
    forest = RandomForestClassifier(300, random_state=0, n_jobs=2)
    return {
        "MFCC + SVM": (None, statistics, svm),
        "pieces + SVM": (20, pieces, svm),
        "pieces + forest": (20, pieces, forest),
    }


def by_baseline(name, train, test, sampling_rate_hz):
    """Return the accuracy of a simple model on 20 MFCC."""
    trim_db, features, model = baselines()[name]
    settings = {"n_mels": 40, "features": "mfcc", "n_mfcc": 20, "normalize": None, "trim_db": trim_db, "n_jobs": -1}
    adapter = AudioAdapter(sampling_rate_hz, **settings).fit(train.X)
    X, X_test = (features(adapter.transform(part.X)) for part in (train, test))
    return model.fit(X, train.y).score(X_test, test.y)


def by_vote(train, test, networks, cepstra, seed):
    """Return the accuracy of the vote of the networks and of the fixed kernels, and those of both sides."""
    members = [seqconv.SeqConvClassifier(**settings, validation_fraction=0, random_state=seed) for settings in networks]
    members.append(seqconv.SeqConvClassifier(adapter=cepstra, random_state=seed))
    answers = np.array([member.fit(train.X, train.y).predict_proba(test.X) for member in members])
    of_networks, of_kernels, classes = answers[:-1].mean(axis=0), answers[-1], members[0].classes_
    sides = (of_networks + of_kernels) / 2, of_networks, of_kernels
    return [np.mean(classes[side.argmax(axis=1)] == test.y) for side in sides]


def print_baselines(options):
    """Print the accuracy of each simple model on each split, and the mean over the splits."""
    print(f"{'question':<10}{'tested':<30}" + "".join(f"{name:>17}" for name in baselines()))
    for question in options.questions:
        load, rule, networks, _ = QUESTIONS[question]
        clips, rate_hz, found = load(), networks[0]["adapter"].sampling_rate_hz, []
        for name, train, test in splits(clips, rule, options.inner):
            found.append([by_baseline(model, clips[train], clips[test], rate_hz) for model in baselines()])
            print(f"{question:<10}{name!s:<30}" + "".join(f"{figure:>17.3f}" for figure in found[-1]), flush=True)
        print(f"{question:<10}{'mean':<30}" + "".join(f"{figure:>17.3f}" for figure in np.mean(found, axis=0)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", nargs="+", choices=list(QUESTIONS))
    parser.add_argument(
        "--inner", action="store_true", help="leave out the test part, the last speaker or the last fold altogether"
    )
    parser.add_argument("--seeds", type=int, default=3, help="fits of each split")
    parser.add_argument("--baselines", action="store_true", help="fit the simple models alone")
    options = parser.parse_args()
    print(f"seqconv {seqconv.__version__}, keras {keras.__version__} on {keras.backend.backend()},", end=" ")
    print(f"librosa {librosa.__version__}, scikit-learn {sklearn.__version__}, Python {platform.python_version()}")
    print(f"{options.seeds} seed(s){', splits of the training parts' if options.inner else ''}")
    if options.baselines:
        print_baselines(options)
        return
    print(
        f"{'question':<10}{'tested':<30}{'seqconv':>16}{'networks':>10}{'kernels':>10}{'MFCC + SVM':>12}{'s a fit':>9}"
    )
    for question in options.questions:
        load, rule, networks, cepstra = QUESTIONS[question]
        clips, found, baseline = load(), [], []
        for name, train, test in splits(clips, rule, options.inner):
            train, test = clips[train], clips[test]
            baseline.append(by_baseline("MFCC + SVM", train, test, networks[0]["adapter"].sampling_rate_hz))
            start = time.perf_counter()
            fits = np.array([by_vote(train, test, networks, cepstra, seed) for seed in range(options.seeds)])
            found.append(fits)
            print_row(question, name, fits, baseline[-1], (time.perf_counter() - start) / options.seeds)
        if len(found) > 1:
            print_row(question, "mean", np.mean(found, axis=0), np.mean(baseline))  # over the splits, one a seed


def print_row(question, name, fits, baseline, seconds=None):
    """Print the mean over seeds of the vote, with its deviation, of both sides of it, and of the baseline."""
    vote, networks, kernels = fits.mean(axis=0)
    row = f"{vote:>8.3f} +- {fits[:, 0].std():.3f}{networks:>10.3f}{kernels:>10.3f}{baseline:>12.3f}"
    print(f"{question:<10}{name!s:<30}{row}" + ("" if seconds is None else f"{seconds:>9.0f}"), flush=True)


if __name__ == "__main__":
    main()
