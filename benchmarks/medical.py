"""Figures for heartbeats of patients never seen, for the ECG sets of the archive, and for reading the native format.

SEQCONV_DATA=... python benchmarks/medical.py beats             # 22 patients, five folds between them
SEQCONV_DATA=... python benchmarks/medical.py beats --inner     # the settings were chosen by this, see below
SEQCONV_DATA=... python benchmarks/medical.py archive --published ucr_default_split.csv
SEQCONV_DATA=... python benchmarks/medical.py eyes records

For beats, networks and the default (fixed kernels with a head in closed form) vote. The settings were chosen with
``--inner``, also between patients, within the training part of the first fold. These patients are tested in the other
folds, by networks that never saw them. The four patients of the first fold were not used.
"""

import argparse
import platform
import time

import keras
import numpy as np
import pandas as pd
import sklearn
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier, VotingClassifier
from sklearn.linear_model import RidgeClassifierCV
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import seqconv
from seqconv.adapters import ECGAdapter
from seqconv.data.splits import thin_cases
from seqconv.datasets import load_eye_state, load_heartbeats, load_ucr
from seqconv.domains import home as cache
from seqconv.domains.medical.overlapping_beats import beats_in_context
from seqconv.encoders import FCN
from seqconv.metrics import class_report, ranking_report

CLASSES = np.array(["N", "S", "V", "F"])
EVERY = 2  # the network sees every second of the 125 steps a second
MOST = 150  # training beats of each class of each patient
TEMPER = 0.3  # weight of a class: its rarity to this power
NETWORK = {"encoder": FCN(filters=(32, 32), kernel_sizes=(8, 5)), "pooling": "mean_max", "epochs": 12, "n_members": 5}
FOREST = {"n_estimators": 200, "class_weight": "balanced_subsample", "min_samples_leaf": 5, "random_state": 0}
TREES = {"n_estimators": 300, "class_weight": "balanced", "min_samples_leaf": 2, "random_state": 0}


def benchmark_beats(options):
    """Print the macro-F1 over N, S, V and F, computed once over the predictions for all patients.

    Each patient is predicted by models that never saw that patient.
    """
    beats = load_heartbeats()
    start = time.perf_counter()
    context = beats_in_context(beats.X, beats.groups)[:, ::EVERY]
    print(f"22 patients, {len(beats):,} beats; their context in {time.perf_counter() - start:.0f} s. {NETWORK},")
    print(f"at most {MOST} training beats of a class of a patient, weights by rarity ** {TEMPER}; {FOREST}")
    known = beats.y != "Q"  # eight beats
    beats, context = beats[known], context[known]
    if options.inner:
        train, _ = next(GroupKFold(5).split(beats.y, groups=beats.groups))
        beats, context = beats[train], context[train]
    folds = list(GroupKFold(3 if options.inner else 5).split(beats.y, groups=beats.groups))
    rows = {"random forest, the beat": forest_probabilities(beats.X[:, :, 0], beats, folds)}
    rows["random forest, in context"] = forest_probabilities(context[:, :, :2], beats, folds, context[:, 20, 2:])
    trees = ExtraTreesClassifier(**TREES, n_jobs=2)
    rows["extra trees, in context"] = forest_probabilities(
        context[:, :, :2], beats, folds, context[:, 20, 2:], trees, MOST
    )
    for seed in options.seeds:
        networks, kernels = network_probabilities(context, beats, folds, seed)
        rows[f"networks, seed {seed}"], rows[f"kernels, seed {seed}"] = networks, kernels
        rows[f"both, seed {seed}"] = (networks + kernels) / 2
    for name, probabilities in rows.items():
        predicted = CLASSES[probabilities.argmax(axis=1)]
        print(f"\n{name}\n{class_report(beats.y, predicted, CLASSES)}")
        print(ranking_report(beats.y, probabilities, CLASSES))
    scores = {name: f1_score(beats.y, CLASSES[p.argmax(axis=1)], average="macro") for name, p in rows.items()}
    print(f"\n{'macro-F1':<36}{'above the forest on the beat':>30}")
    base = scores["random forest, the beat"]
    for name, score in scores.items():
        print(f"{name:<28}{score:>8.4f}{score - base:>30.4f}")
    for side in ("networks", "kernels", "both"):
        found = [score for name, score in scores.items() if name.startswith(side)]
        print(
            f"{f'{side}, mean of seeds':<28}{np.mean(found):>8.4f} +- {np.std(found):.4f}{np.mean(found) - base:>20.4f}"
        )


def forest_probabilities(X, beats, folds, more=None, forest=None, n_most=None):
    """Return the probabilities of trees on all values as one row, trained on at most `n_most` beats as the network."""
    forest = forest or RandomForestClassifier(**FOREST, n_jobs=2)
    flat = np.nan_to_num(X.reshape(len(X), -1))
    flat = flat if more is None else np.concatenate([flat, np.nan_to_num(more)], axis=1)
    probabilities = np.zeros((len(beats), len(CLASSES)))
    for train, test in folds:
        if n_most:
            train = thin_cases(seqconv.SequenceSet(train, beats.y[train], beats.groups[train]), n_most, 0).X
        forest.fit(flat[train], beats.y[train])
        order = [forest.classes_.tolist().index(name) for name in CLASSES]
        probabilities[test] = forest.predict_proba(flat[test])[:, order]
    return probabilities


def network_probabilities(context, beats, folds, seed):
    """Return the probabilities of networks, and of the default: fixed kernels with a head in closed form."""
    networks, kernels = np.zeros((2, len(beats), len(CLASSES)))
    for number, (train, test) in enumerate(folds):
        chosen = thin_cases(seqconv.SequenceSet(train, beats.y[train], beats.groups[train]), MOST, seed)
        names, counts = np.unique(chosen.y, return_counts=True)
        weights = dict(zip(names.tolist(), (counts.sum() / counts) ** TEMPER, strict=True))
        known = {"class_weight": weights, "random_state": seed}
        sides = (networks, NETWORK | {"validation_fraction": 0} | known), (kernels, known)
        print(f"seed {seed}, fold {number}: {len(chosen):,} of {len(train):,} beats,", end=" ")
        for probabilities, settings in sides:
            start = time.perf_counter()
            classifier = seqconv.SeqConvClassifier(**settings).fit(context[chosen.X], chosen.y)
            order = [classifier.classes_.tolist().index(name) for name in CLASSES]
            probabilities[test] = classifier.predict_proba(context[test])[:, order]
            print(f"{time.perf_counter() - start:.0f} s,", end=" ")
        print(f"tested on {', '.join(np.unique(beats.groups[test]))}", flush=True)
    return networks, kernels


def benchmark_archive(options):
    """Print the accuracy on the archive's split of ECG200 and ECG5000, mean of the seeds, and the best published."""
    tables = [pd.read_csv(path, index_col=0) for path in options.published]
    networks = f"{options.members} network(s) of {' and '.join(options.encoders)} each"
    print(f"Accuracy in %, the vote of {networks}, seeds {options.seeds}.")
    print(f"{'set':<10}{'ours':>18}{'macro-F1':>10}{'best published':>32}{'difference':>12}{'s a fit':>9}")
    for name in options.sets:
        series = load_ucr(name)
        train, test = series[series.part_is("train")], series[series.part_is("test")]
        found, macro, seconds = [], [], []
        for seed in options.seeds:
            settings = {"n_members": options.members, "random_state": seed}
            voters = [(name, seqconv.SeqConvClassifier(name, **settings)) for name in options.encoders]
            classifier = VotingClassifier(voters, voting="soft")
            start = time.perf_counter()
            predicted = classifier.fit(train.X, train.y).predict(test.X)
            seconds.append(time.perf_counter() - start)
            found.append(100 * accuracy_score(test.y, predicted))
            macro.append(f1_score(test.y, predicted, average="macro"))
        published = [
            (100 * float(t.loc[name, column]), column) for t in tables if name in t.index for column in t.columns
        ]
        best, method = max(published, default=(np.nan, ""))
        print(f"{name:<10}{np.mean(found):>10.2f} +- {np.std(found):.2f}{np.mean(macro):>10.4f}", end="")
        print(f"{f'{method} {best:.2f}':>32}{np.mean(found) - best:>12.2f}{np.mean(seconds):>9.1f}", flush=True)


def benchmark_eyes(options):
    """Predict eyes open or closed in the last 30 % of one recording from its beginning."""
    windows = load_eye_state(window_seconds=1.0, stride_seconds=0.25)
    train, test = windows[windows.part_is("train")], windows[windows.part_is("test")]
    print(f"{len(train)} windows of 1 s to train on, {len(test)} later ones; windows of a part overlap.")
    found = []
    for seed in options.seeds:
        classifier = seqconv.SeqConvClassifier(
            FCN(filters=(32, 64, 32)), epochs=40, validation_fraction=0, random_state=seed
        )
        found.append(accuracy_score(test.y, classifier.fit(train.X, train.y).predict(test.X)))
    spreads, spreads_test = (np.log(np.nanstd(part.X, axis=1) + 1e-3) for part in (train, test))
    ridge = make_pipeline(StandardScaler(), RidgeClassifierCV()).fit(spreads, train.y)
    names, counts = np.unique(train.y, return_counts=True)
    print(f"{'network':<34}{np.mean(found):.4f} +- {np.std(found):.4f}")
    print(f"{'ridge on the spread of channels':<34}{ridge.score(spreads_test, test.y):.4f}")
    print(f"{'majority of the training part':<34}{np.mean(test.y == names[counts.argmax()]):.4f}")


def benchmark_records(options):
    """Compare beats of the raw records with those of a separate decoder of a few lines."""
    folder = cache.fetch("medical/mitbih_wfdb/119.hea").parent
    adapter = ECGAdapter(window_seconds=(0.25, 0.5), band_hz=None, flat_seconds=None)
    for name in ("119", "207"):
        start = time.perf_counter()
        cases = adapter.cases([folder / f"{name}.hea"], classes=None)
        X = adapter.fit(cases.X).transform(cases.X)
        seconds = time.perf_counter() - start
        millivolt = decode_212((folder / f"{name}.dat").read_bytes())
        peaks = decode_beats((folder / f"{name}.atr").read_bytes())
        padded = np.pad(millivolt, ((90, 180), (0, 0)), constant_values=np.nan)
        expected = np.stack([padded[at : at + 270] for at in peaks])
        n_equal = sum(np.array_equal(a, b, equal_nan=True) for a, b in zip(X, expected, strict=True))
        print(f"{name}: {n_equal} of {len(peaks)} beats equal to the last bit, {seconds:.1f} s")


def decode_212(data):
    """Decode two samples of 12 bits in three bytes, two leads in turn, 200 steps a millivolt around 1024."""
    first, middle, last = np.frombuffer(data, np.uint8).reshape(-1, 3).astype(int).T
    pairs = np.stack([first + 256 * (middle % 16), last + 256 * (middle // 16)], axis=1)
    return ((np.where(pairs > 2047, pairs - 4096, pairs) - 1024) / 200).astype(np.float32)


def decode_beats(data):
    """Decode the sample of each beat: codes 1 to 13, 25, 30, 34, 35, 38 and 41 of annot(5)."""
    words, at, peaks, i = np.frombuffer(data, "<u2").tolist(), 0, [], 0
    while words[i]:
        code, value, i = words[i] >> 10, words[i] % 1024, i + 1
        if code == 59:
            at, i = at + (words[i] << 16) + words[i + 1], i + 2
        elif code == 63:
            i += (value + 1) // 2
        elif code < 59:
            at += value
            peaks += [at] if code in {*range(1, 14), 25, 30, 34, 35, 38, 41} else []
    return peaks


def main():
    benchmarks = {"beats": benchmark_beats, "archive": benchmark_archive, "eyes": benchmark_eyes}
    benchmarks["records"] = benchmark_records
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="+", choices=benchmarks)
    parser.add_argument(
        "--seeds", type=int, nargs="+", help="default: 0 1 2 for beats and eyes, 0 to 4 for the archive"
    )
    parser.add_argument("--inner", action="store_true", help="three folds within the training part of the first fold")
    parser.add_argument("--sets", nargs="+", default=["ECG200", "ECG5000"], help="of the archive")
    encoders = ["inception_time"]
    parser.add_argument(
        "--encoders", choices=seqconv.encoders.names(), nargs="+", default=encoders, help="that vote, for the archive"
    )
    parser.add_argument("--members", type=int, default=1, help="networks of each encoder, for the archive")
    parser.add_argument(
        "--published", nargs="*", default=[], metavar="CSV", help="tables by set of published accuracies"
    )
    options = parser.parse_args()
    print(f"seqconv {seqconv.__version__}, keras {keras.__version__} on {keras.backend.backend()},", end=" ")
    print(f"scikit-learn {sklearn.__version__}, Python {platform.python_version()}")
    seeds = options.seeds
    for name in options.names:
        options.seeds = seeds or ([0, 1, 2, 3, 4] if name == "archive" else [0, 1, 2])
        print(f"\n{benchmarks[name].__doc__.splitlines()[0]}")
        benchmarks[name](options)


if __name__ == "__main__":
    main()
