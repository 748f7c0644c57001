"""Tell normal from ectopic heartbeats of patients never seen before, beside a random forest.

Without a data home the script runs on made-up recordings and says so. ``--data real`` takes the beats of 22 patients of the
MIT-BIH Arrhythmia Database from the data home (``SEQCONV_DATA``); ``--records`` takes two or more of your own WFDB
records with annotated beats. Each is taken for another patient, as nothing in the files tells: of a patient with several
records, as are 201 and 202 of that database, give one.

    python examples/medical.py
    python examples/medical.py --data real --picture beats.png
    python examples/medical.py --records ward/*.hea
"""

import argparse
import os
import sys
import time
import warnings

import numpy as np
from arguments import picture, seed, whole
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import UndefinedMetricWarning

import seqconv
from seqconv.adapters import ECGAdapter
from seqconv.data.splits import split_cases, thin_cases
from seqconv.datasets import load_heartbeats, make_heartbeats
from seqconv.encoders import FCN
from seqconv.explain import occlusion
from seqconv.metrics import class_report, ranking_report

STEPS_PER_SECOND = 125
N_RHYTHM = 8  # the last channels, each of one value for a beat
WINDOW = 6  # steps hidden at once, for the picture


def read_beats(options):
    """The beats with their patients, and the adapter that they need (None where they are arrays already)."""
    adapter = ECGAdapter(STEPS_PER_SECOND, rhythm=True)
    if options.records:
        return read_records(options.records, adapter), adapter
    if options.data == "real":
        beats, adapter = load_heartbeats(context=True), None
        beats = beats[beats.y != "Q"]
        print("MIT-BIH Arrhythmia Database, the half called DS1.", end=" ")
    else:
        beats = adapter.cases(make_heartbeats(options.patients, options.beats, 360, random_state=0, as_recordings=True))
        print("Made-up recordings: the figures say nothing of real ones. --data real takes those.", end=" ")
    print(f"{len(beats):,} beats of {len(np.unique(beats.groups))} patients.")
    return beats, adapter


def read_records(paths, adapter):
    records = [os.path.splitext(os.path.relpath(os.path.realpath(path)))[0] for path in paths]
    try:
        beats = adapter.cases(paths, groups=records, errors="skip")
    except (ValueError, OSError, ImportError) as error:
        sys.exit(f"--records: {error}")
    found = np.unique(beats.groups)
    print(f"{len(beats):,} beats of {len(found)} records, each taken for another patient.")
    if len(found) < 2:
        sys.exit(f"--records: two records or more with beats that can be read are required, got {len(found)}.")
    return beats


def fit_network(adapter, train, options):
    classifier = seqconv.SeqConvClassifier(
        FCN(filters=(16, 32, 16)),
        adapter=adapter,
        pooling="mean_max",
        epochs=options.epochs,
        class_weight=tempered_weights(train.y),
        random_state=options.seed,
        verbose=1,
    )
    start = time.perf_counter()
    classifier.fit(train)
    return classifier, time.perf_counter() - start


def fit_forest(X, y):
    forest = RandomForestClassifier(
        200, class_weight="balanced_subsample", min_samples_leaf=5, random_state=0, n_jobs=2
    )
    start = time.perf_counter()
    return forest.fit(X, y), time.perf_counter() - start


def in_context(X):
    """What the network sees as a row: the channels of the beat, and once the values of the rhythm."""
    return np.concatenate([X[:, :, :-N_RHYTHM].reshape(len(X), -1), np.nanmax(X[:, :, -N_RHYTHM:], axis=1)], axis=1)


def compare(adapter, train, test, classes, options):
    """The network, and by name the test probabilities of all classes and the seconds of the fit, of each model."""
    classifier, seconds = fit_network(adapter, train, options)
    rows = {"network, in context": (of_classes(classifier, test.X, classes), seconds)}
    X, X_test = (classifier.as_arrays(part.X) for part in (train, test))
    for name, view in (("forest, the beat", lambda X: X[:, :, 0]), ("forest, in context", in_context)):
        forest, seconds = fit_forest(np.nan_to_num(view(X)), train.y)
        rows[name] = of_classes(forest, np.nan_to_num(view(X_test)), classes), seconds
    return classifier, rows


def of_classes(model, X, classes):
    """Probabilities of all classes: 0 for those that the model was never shown."""
    probabilities = np.zeros((len(X), len(classes)))
    probabilities[:, np.searchsorted(classes, model.classes_)] = model.predict_proba(X)
    return probabilities


def tempered_weights(y):
    """Rare classes weigh more, but not as much more as they are rarer: that would call too many beats rare."""
    names, counts = np.unique(y, return_counts=True)
    return dict(zip(names.tolist(), (counts.sum() / counts) ** 0.3, strict=True))


def print_scores(rows, test, classes):
    """Each model by class, then all of them in one table."""
    tested, table = np.isin(classes, test.y), []
    for name, (probabilities, seconds) in rows.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UndefinedMetricWarning)  # the tables show NaN
            report = class_report(test.y, classes[probabilities.argmax(axis=1)], classes)
        print(f"\n{name}\n{report}\n{ranking_report(test.y, probabilities[:, tested], classes[tested])}")
        table.append([report.overall["macro_f1"], *report.by_class["f1"], report.overall["accuracy"], seconds])
    print(f"\n{'':<20}{'macro-F1':>10}" + "".join(f"{f'F1 of {name}':>10}" for name in classes), end="")
    print(f"{'accuracy':>10}{'fit s':>8}")
    for name, (*figures, seconds) in zip(rows, table, strict=True):
        print(f"{name:<20}" + "".join(f"{figure:>10.3f}" for figure in figures) + f"{seconds:>8.1f}")


def draw_picture(classifier, test, predicted, classes, path):
    from plots import confusion, explained_beat, learning_curve, page

    hits = np.flatnonzero((predicted == test.y) & (predicted != "N"))
    hits = hits if len(hits) else np.arange(len(test))
    some = test[hits[np.unique(np.linspace(0, len(hits) - 1, 12).astype(int))]]
    found = occlusion(classifier, some.X, window=WINDOW).attributions
    most = int(np.nanmax(found, axis=1).argmax())  # of a dozen, the one whose stretch tells most
    case = some[[most]]
    target = classifier.predict(case.X)[0]
    values = classifier.as_arrays(case.X)[0, :, 0]
    if classifier.adapter_ is None:
        seconds, peak, unit = (np.arange(len(values)) - 40) / STEPS_PER_SECOND, 0, "lead (ranges of the beats around)"
        when = "time from the R peak (s)"
    else:
        seconds, unit = classifier.adapter_.locate(case.X)[0].mean(axis=1), "lead (mV)"
        peak = case.X[0].anchor / case.X[0].recording.sampling_rate_hz
        when = "time in the recording (s)"
    figure, axes = page(3)
    learning_curve(axes[0], classifier.history_)
    confusion(axes[1], test.y, predicted, classes)
    explained_beat(axes[2], seconds, values, found[most], target)
    axes[2].axvline(peak, color="black", linestyle=":", label="R peak")
    axes[2].legend(loc="upper right")
    hidden = f"{1000 * WINDOW / STEPS_PER_SECOND:.0f} ms hidden at a time; the rest, also of the rhythm, stays known"
    axes[2].set(title=f"A beat of {case.groups[0]}, called {target}: {hidden}", xlabel=when, ylabel=unit)
    figure.savefig(path, dpi=120, format="png")
    print(f"\nPicture: {path}")


def read_options(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", choices=["made-up", "real"], default="made-up")
    parser.add_argument(
        "--records",
        nargs="+",
        metavar="HEA",
        default=[],
        help="headers of your own WFDB records, each of another patient",
    )
    parser.add_argument("--epochs", type=whole(1), default=15, help="passes over the training part")
    parser.add_argument("--most", type=whole(1), default=150, help="training beats of each class of each patient")
    parser.add_argument("--patients", type=whole(4, 100), default=24, help="made-up patients")
    parser.add_argument("--beats", type=whole(16, 5000), default=60, help="made-up beats of each")
    parser.add_argument(
        "--picture", metavar="PATH", type=picture, help="write a PNG: learning curve, confusion matrix, one beat"
    )
    parser.add_argument("--seed", type=seed, default=0)
    options = parser.parse_args(arguments)
    missing = [path for path in options.records if not os.path.isfile(path)]
    if missing:
        parser.error(f"argument --records: a header that is there is required, got {missing[0]!r}")
    if len(options.records) == 1:
        parser.error("argument --records: two records or more are required, got one")
    return options


def main(arguments=None):
    options = read_options(arguments)
    beats, adapter = read_beats(options)
    train, test = split_cases(beats, 0.25, random_state=options.seed)  # between patients
    train = thin_cases(train, options.most, options.seed)
    classes, known = np.union1d(train.y, test.y), np.unique(train.y)
    if len(known) < 2:
        sys.exit(
            f"The training part must have beats of two classes or more, got {known[0]}; another --seed splits anew."
        )
    print(f"Training on {len(train):,} beats of {len(np.unique(train.groups))} patients,", end=" ")
    print(f"testing on {len(test):,} beats of others: {', '.join(np.unique(test.groups))}.")
    if len(known) < len(classes):
        print(f"Of class {', '.join(np.setdiff1d(classes, known))} there are test beats alone: none of them is found.")
    classifier, rows = compare(adapter, train, test, classes, options)
    print_scores(rows, test, classes)
    if options.picture:
        predicted = classes[next(iter(rows.values()))[0].argmax(axis=1)]
        draw_picture(classifier, test, predicted, classes, options.picture)


if __name__ == "__main__":
    main()
