"""Tell normal from ectopic heartbeats of patients never seen before, beside a random forest.

Without a data home the script runs on made-up recordings and says so. ``--data real`` takes the beats of 22 patients of the
MIT-BIH Arrhythmia Database from the data home (``SEQCONV_DATA``); ``--records`` takes your own WFDB records with annotated
beats, of two patients or more.

    python examples/medical.py
    python examples/medical.py --data real --picture beats.png
    python examples/medical.py --records ward/*.hea
"""

import argparse
import os
import time

import numpy as np
from arguments import picture, seed, whole
from sklearn.ensemble import RandomForestClassifier

import seqconv
from seqconv.adapters import ECGAdapter
from seqconv.data.splits import split_cases, thin_cases
from seqconv.datasets import load_heartbeats, make_heartbeats
from seqconv.encoders import FCN
from seqconv.explain import occlusion
from seqconv.metrics import class_report, ranking_report

STEPS_PER_SECOND = 125


def read_beats(options):
    """The beats with their patients, and the adapter that they need (None where they are arrays already)."""
    adapter = ECGAdapter(STEPS_PER_SECOND, rhythm=True)
    if options.records:
        beats = adapter.cases(options.records, errors="skip")
    elif options.data == "real":
        beats, adapter = load_heartbeats(context=True), None
        beats = beats[beats.y != "Q"]
        print("MIT-BIH Arrhythmia Database, the half called DS1.", end=" ")
    else:
        beats = adapter.cases(make_heartbeats(options.patients, options.beats, 360, random_state=0, as_recordings=True))
        print("Made-up recordings: the figures say nothing of real ones. --data real takes those.", end=" ")
    print(f"{len(beats):,} beats of {len(np.unique(beats.groups))} patients.")
    return beats, adapter


def fit_network(adapter, train, options):
    classifier = seqconv.SeqConvClassifier(
        FCN(filters=(16, 32, 16)),
        adapter=adapter,
        pooling="mean_max",
        epochs=options.epochs,
        class_weight=tempered_weights(train.y),
        validation_fraction=0,
        random_state=options.seed,
        verbose=1,
    )
    start = time.perf_counter()
    classifier.fit(train)
    print(f"Trained on {len(train):,} beats of {len(np.unique(train.groups))} patients", end=" ")
    print(f"in {time.perf_counter() - start:.0f} s.")
    return classifier


def tempered_weights(y):
    """Rare classes weigh more, but not as much more as they are rarer: that would call too many beats rare."""
    names, counts = np.unique(y, return_counts=True)
    return dict(zip(names.tolist(), (counts.sum() / counts) ** 0.3, strict=True))


def print_scores(name, test, classes, probabilities):
    predicted = classes[probabilities.argmax(axis=1)]
    print(f"\n{name}\n{class_report(test.y, predicted, classes)}")
    seen = np.isin(classes, test.y)
    if not seen.all():
        print(f"No test beat is {', '.join(classes[~seen])}: no ranking of it.")
    print(ranking_report(test.y, probabilities[:, seen], classes[seen]))


def draw_picture(classifier, test, path):
    from plots import confusion, explained_beat, learning_curve, page

    predicted = classifier.predict(test.X)
    ectopic = np.flatnonzero((predicted == test.y) & (predicted != "N"))
    case = test[int(ectopic[0]) if len(ectopic) else 0]
    target = classifier.predict(case.X)[0]
    found = occlusion(classifier, case.X, window=6, target=target)
    values = classifier.as_arrays(case.X)[0, :, 0]
    if classifier.adapter_ is None:
        seconds, unit = (np.arange(len(values)) - 40) / STEPS_PER_SECOND, "lead (ranges of the beats around)"
        when = "time from the R peak (s)"
    else:
        seconds, unit = classifier.adapter_.locate(case.X)[0].mean(axis=1), "lead (mV)"
        when = "time in the recording (s)"
    figure, axes = page(3)
    learning_curve(axes[0], classifier.history_)
    confusion(axes[1], test.y, predicted, classifier.classes_)
    title = f"A beat of patient {case.groups[0]}: what speaks for {target}"
    explained_beat(axes[2], seconds, values, found.attributions[0], target)
    axes[2].set(title=title, xlabel=when, ylabel=unit)
    figure.savefig(path, dpi=120, format="png")
    print(f"\nPicture: {path}")


def read_options(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", choices=["made-up", "real"], default="made-up")
    parser.add_argument("--records", nargs="+", metavar="HEA", default=[], help="headers of your own WFDB records")
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
        parser.error("argument --records: the records of two patients or more are required, got one")
    return options


def main(arguments=None):
    options = read_options(arguments)
    beats, adapter = read_beats(options)
    train, test = split_cases(beats, 0.25, random_state=options.seed)  # between patients
    test = test[np.isin(test.y, train.y)]
    train = thin_cases(train, options.most, options.seed)
    classifier = fit_network(adapter, train, options)
    print(f"Tested on {len(test):,} beats of other patients: {', '.join(np.unique(test.groups))}.")
    print_scores("Convolutional network", test, classifier.classes_, classifier.predict_proba(test.X))
    forest = RandomForestClassifier(
        200, class_weight="balanced_subsample", min_samples_leaf=5, random_state=0, n_jobs=2
    )
    flat, flat_test = (np.nan_to_num(classifier.as_arrays(part.X)[:, :, 0]) for part in (train, test))
    forest.fit(flat, train.y)
    print_scores("Balanced random forest on the lead alone", test, forest.classes_, forest.predict_proba(flat_test))
    if options.picture:
        draw_picture(classifier, test, options.picture)


if __name__ == "__main__":
    main()
