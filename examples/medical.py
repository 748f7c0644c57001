"""Tell normal from ectopic heartbeats of patients never seen before, compared with ensembles of trees.

The script runs on made-up recordings and says so. ``--data real`` reads the beats of 22 patients of the MIT-BIH Arrhythmia
Database from the data home (``SEQCONV_DATA``). ``--records`` reads two or more of your own WFDB records with annotated
beats. Each record counts as another patient, because the files do not name patients. Of a patient with several records,
such as 201 and 202 of that database, give one.

    python examples/medical.py
    python examples/medical.py --data real --picture beats.png
    python examples/medical.py --records ward/*.hea
    python examples/medical.py --epochs 15          (a small network in place of the fixed kernels)

What to expect: on made-up beats the fixed kernels are about level with trees and boosting. On the real beats both are
better than they, and faster. The beats are aligned at their R peak, so that each step has a fixed meaning, and 16 patients
are few. Networks and fixed kernels together are better than trees there (benchmarks/medical.py).
"""

import os
import sys
import time
import warnings

import numpy as np
from arguments import new_parser, whole
from results import most_telling, print_verdict
from terminal import load_keras

import seqconv

STEPS_PER_SECOND = 125
N_RHYTHM = 8  # the last channels, each of one value for a beat
WINDOW = 6  # steps hidden at once, for the picture
ADVICE = "Aligned beats of few patients suit it. Use it, and compare again with beats of more patients."


def read_options(arguments):
    parser = new_parser(__doc__, "one beat", epochs_by_default="none, as the kernels are fixed")
    help_records = "headers of your own WFDB records, each of another patient"
    parser.add_argument("--records", nargs="+", metavar="HEA", default=[], help=help_records)
    parser.add_argument("--most", type=whole(1), default=150, help="training beats of each class of each patient")
    parser.add_argument("--patients", type=whole(4, 100), default=24, help="made-up patients")
    parser.add_argument("--beats", type=whole(16, 5000), default=60, help="made-up beats of each")
    options = parser.parse_args(arguments)
    missing = [path for path in options.records if not os.path.isfile(path)]
    if missing:
        parser.error(f"argument --records: a header that exists is required, got {missing[0]!r}")
    if len(options.records) == 1:
        parser.error("argument --records: two records or more are required, got one")
    return options


def read_beats(options):
    """Return the beats with their patients, and their adapter; None for beats that are arrays already."""
    adapter = seqconv.adapters.ECGAdapter(STEPS_PER_SECOND, rhythm=True)
    if options.records:
        return read_records(options.records, adapter), adapter
    if options.data == "real":
        beats, adapter = seqconv.datasets.load_heartbeats(context=True), None
        beats = beats[beats.y != "Q"]
        print("MIT-BIH Arrhythmia Database, the half called DS1.", end=" ")
    else:
        made = seqconv.datasets.make_heartbeats(
            options.patients, options.beats, 360, random_state=0, as_recordings=True
        )
        beats = adapter.cases(made)
        print("Made-up recordings: the figures say nothing about real ones. --data real reads those.", end=" ")
    print(f"{len(beats):,} beats of {len(np.unique(beats.groups))} patients.")
    return beats, adapter


def read_records(paths, adapter):
    records = [os.path.splitext(os.path.relpath(os.path.realpath(path)))[0] for path in paths]
    try:
        beats = adapter.cases(paths, groups=records, errors="skip")
    except (ValueError, OSError, ImportError) as error:
        sys.exit(f"--records: {error}")
    if beats.y is None:
        sys.exit("--records: annotated beats are required, got none.")
    found = np.unique(beats.groups)
    print(f"{len(beats):,} beats of {len(found)} records, each counted as another patient.")
    if len(found) < 2:
        sys.exit(f"--records: two records or more with beats that can be read are required, got {len(found)}.")
    return beats


def split_beats(beats, options):
    """Return training and test beats of different patients, and all classes."""
    from seqconv.data.splits import split_cases, thin_cases

    train, test = split_cases(beats, 0.25, random_state=options.seed)
    train = thin_cases(train, options.most, options.seed)
    classes, known = np.union1d(train.y, test.y), np.unique(train.y)
    if len(known) < 2:
        sys.exit(f"The training part must have beats of two classes or more, got {known[0]}; try another --seed.")
    print(f"Training on {len(train):,} beats of {len(np.unique(train.groups))} patients,", end=" ")
    print(f"testing on {len(test):,} beats of others: {', '.join(np.unique(test.groups))}.")
    if len(known) < len(classes):
        lacking = ", ".join(np.setdiff1d(classes, known))
        print(f"Class {lacking} has test beats only: none of them can be found.")
    return train, test, classes


def tempered_weights(y):
    """Return weights by rarity to the power 0.3; by rarity itself, too many beats would be called rare."""
    names, counts = np.unique(y, return_counts=True)
    return dict(zip(names.tolist(), (counts.sum() / counts) ** 0.3, strict=True))


def lead(X):
    """Return the samples of the beat, one row a case."""
    return np.nan_to_num(X[:, :, 0])


def in_context(X):
    """Return all channels of the beat at every fourth step, and once the values of the rhythm, one row a case."""
    beat = X[:, ::4, :-N_RHYTHM].reshape(len(X), -1)
    return np.nan_to_num(np.concatenate([beat, np.nanmax(X[:, :, -N_RHYTHM:], axis=1)], axis=1))


def simple_models():
    """Return features and model of each baseline.

    Cross-validation between training patients chose trees: macro-F1 0.91 on the made-up and 0.58 on the real beats.
    Boosting had 0.86 and 0.54.
    """
    from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier

    trees = ExtraTreesClassifier(300, class_weight="balanced", min_samples_leaf=2, random_state=0, n_jobs=2)
    boosting = HistGradientBoostingClassifier(class_weight="balanced", max_iter=50, random_state=0)
    return {
        "trees, the beat": (lead, trees),
        "trees, in context": (in_context, trees),
        "boosting, in context": (in_context, boosting),
    }


def of_classes(model, X, classes):
    """Return probabilities of all classes; 0 for the classes that the training part lacks."""
    probabilities = np.zeros((len(X), len(classes)))
    probabilities[:, np.searchsorted(classes, model.classes_)] = model.predict_proba(X)
    return probabilities


def print_scores(rows, test, classes):
    """Print each model by class, then all models in one table; return the macro-F1 of each."""
    from sklearn.exceptions import UndefinedMetricWarning

    from seqconv.metrics import class_report, ranking_report

    tested, table = np.isin(classes, test.y), {}
    for name, (probabilities, seconds) in rows.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UndefinedMetricWarning)  # the tables show NaN
            report = class_report(test.y, classes[probabilities.argmax(axis=1)], classes)
        print(f"\n{name}\n{report}\n{ranking_report(test.y, probabilities[:, tested], classes[tested])}")
        table[name] = [report.overall["macro_f1"], *report.by_class["f1"], report.overall["accuracy"], seconds]
    print(f"\n{'':<28}{'macro-F1':>10}" + "".join(f"{f'F1 of {name}':>10}" for name in classes), end="")
    print(f"{'accuracy':>10}{'fit s':>8}")
    for name, (*figures, seconds) in table.items():
        print(f"{name:<28}" + "".join(f"{figure:>10.3f}" for figure in figures) + f"{seconds:>8.1f}")
    return {name: figures[0] for name, figures in table.items()}


def draw_picture(classifier, test, predicted, classes, path):
    from plots import confusion, explained_line, learning_curve, page, save

    hits = np.flatnonzero((predicted == test.y) & (predicted != "N"))
    hits = hits if len(hits) else np.arange(len(test))
    some = test[hits[np.unique(np.linspace(0, len(hits) - 1, 12).astype(int))]]
    number, attributions = most_telling(classifier, some.X, WINDOW)
    case = some[[number]]
    target = classifier.predict(case.X)[0]
    values = classifier.as_arrays(case.X)[0, :, 0]
    if classifier.adapter_ is None:
        seconds, peak = (np.arange(len(values)) - 40) / STEPS_PER_SECOND, 0
        labels = {"xlabel": "time from the R peak (s)", "ylabel": "lead (ranges of the beats around)"}
    else:
        seconds = classifier.adapter_.locate(case.X)[0].mean(axis=1)
        peak = case.X[0].anchor / case.X[0].recording.sampling_rate_hz
        labels = {"xlabel": "time in the recording (s)", "ylabel": "lead (mV)"}
    has_epochs = len(classifier.history_["loss"]) > 1
    figure, axes = page(2 + has_epochs)
    if has_epochs:
        learning_curve(axes[0], classifier.history_)
    confusion(axes[-2], test.y, predicted, classes)
    title = f"A beat of {case.groups[0]}, called {target}: {1000 * WINDOW / STEPS_PER_SECOND:.0f} ms hidden at a time"
    explained_line(axes[-1], seconds, values, attributions, target, title, **labels)
    axes[-1].axvline(peak, color="black", linestyle=":", label="R peak")
    axes[-1].legend(loc="upper right")
    save(figure, path)


def main(arguments=None):
    options = read_options(arguments)
    load_keras()
    beats, adapter = read_beats(options)
    train, test, classes = split_beats(beats, options)
    settings = {
        "adapter": adapter,
        "class_weight": tempered_weights(train.y),
        "random_state": options.seed,
        "verbose": 1,
    }
    if options.epochs is None:
        name, classifier = "fixed kernels, in context", seqconv.SeqConvClassifier(**settings)
    else:
        name, encoder = "network, in context", seqconv.encoders.FCN(filters=(16, 32, 16))
        classifier = seqconv.SeqConvClassifier(encoder, pooling="mean_max", epochs=options.epochs, **settings)
    start = time.perf_counter()
    classifier.fit(train)
    rows = {name: (of_classes(classifier, test.X, classes), time.perf_counter() - start)}
    X, X_test = (classifier.as_arrays(part.X) for part in (train, test))
    for simple, (features, model) in simple_models().items():
        start = time.perf_counter()
        model.fit(features(X), train.y)
        rows[simple] = of_classes(model, features(X_test), classes), time.perf_counter() - start
    found = print_scores(rows, test, classes)
    print_verdict("macro-F1", found.pop(name), found, ADVICE)
    if options.picture:
        predicted = classes[rows[name][0].argmax(axis=1)]
        draw_picture(classifier, test, predicted, classes, options.picture)


if __name__ == "__main__":
    main()
