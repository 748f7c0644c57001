"""Classify series of the UCR and UEA archives, compared with three simple models on the raw values.

The script runs on made-up series and says so. ``--data real`` reads the set of that name from the data home
(``SEQCONV_DATA``) or downloads it.

    python examples/time_series.py
    python examples/time_series.py --data real --name JapaneseVowels --encoder resnet --members 3

What to expect: the made-up classes differ in a short shape that comes anywhere. The default, fixed kernels with a head in
closed form, finds it in a second or two. Where every step has a fixed meaning, a ridge on the raw values is nearly level:
0.963 on ItalyPowerDemand, whose steps are hours of a day. ``--encoder fcn`` trains a network in place of the default.
"""

import difflib
import time

import numpy as np
from arguments import new_parser, whole
from results import first_hits, most_telling, print_verdict
from terminal import load_keras

import seqconv

ENCODERS = ["bank", "fcn", "inception_time", "kim_cnn", "mini_rocket", "resnet"]
ADVICE = "Single steps tell the class here, and a linear model reads them directly. Use it: it fits in a second."


def known_sets():
    """Return the archive of every set that can be downloaded or is in the data home, by the name of the set."""
    from seqconv.domains import home as cache

    found = [path.split("/")[:2] for path in cache.registered()]
    for archive, suffix in (("ucr", "tsv"), ("uea", "ts")):
        for train in (cache.data_home() / archive).glob(f"*/*_TRAIN.{suffix}*"):
            name = train.parent.name
            if all(cache.present(f"{archive}/{name}/{name}_{part}.{suffix}") for part in ("TRAIN", "TEST")):
                found.append((archive, name))
    return {name: archive for archive, name in found if archive in ("ucr", "uea")}


def read_options(arguments):
    parser = new_parser(__doc__, "one case")
    parser.add_argument("--name", help="a set of the UCR or UEA archive, for --data real; default: ItalyPowerDemand")
    parser.add_argument("--encoder", choices=ENCODERS, help="default: bank, or fcn where --epochs is given")
    parser.add_argument("--members", type=whole(1), default=1, help="networks whose probabilities are averaged")
    options = parser.parse_args(arguments)
    if options.name and options.data != "real":
        parser.error("argument --name: a set of the archives is real; give --data real, too")
    options.name = options.name or "ItalyPowerDemand"
    options.encoder = options.encoder or ("fcn" if options.epochs else "bank")
    if options.data == "real" and options.name not in (known := known_sets()):
        folded = {name.casefold(): name for name in known}
        near = [folded[match] for match in difflib.get_close_matches(options.name.casefold(), folded)]
        offer = f"did you mean {' or '.join(map(repr, near))}?" if near else f"known are {', '.join(sorted(known))}."
        parser.error(
            f"argument --name: a set of the UCR or UEA archive is required, got {options.name!r}; {offer} The files of "
            f"another set belong in ucr/{options.name} or uea/{options.name} of {seqconv.datasets.data_home()}."
        )
    return options


def read_series(data, name):
    """Return training and test part."""
    from sklearn.model_selection import train_test_split

    if data == "made-up":
        series = seqconv.datasets.make_series(300, 100, n_classes=3, unequal=True, random_state=0)
        print(
            "300 made-up series of unequal lengths: the figures say nothing about real ones. --data real reads those."
        )
        train, test = train_test_split(range(len(series)), test_size=0.5, stratify=series.y, random_state=0)
        return series[train], series[test]
    load = seqconv.datasets.load_ucr if known_sets()[name] == "ucr" else seqconv.datasets.load_uea
    series = load(name)
    return series[series.part_is("train")], series[series.part_is("test")]


def raw_values(X, n_steps):
    """Return one row a case, its values step by step; 0 where nothing was observed or the case has ended."""
    rows = np.zeros((len(X), n_steps, np.asarray(X[0]).shape[-1]))
    for row, case in zip(rows, X, strict=True):
        row[: len(case)] = np.nan_to_num(case[:n_steps])
    return rows.reshape(len(X), -1)


def simple_models():
    """Return the baselines by name; each is the best on some sets of the archives."""
    from sklearn.linear_model import RidgeClassifierCV
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    return {
        "ridge on raw values": make_pipeline(StandardScaler(), RidgeClassifierCV(np.logspace(-3, 3, 13))),
        "RBF SVM on raw values": make_pipeline(StandardScaler(), SVC(C=10)),
        "nearest neighbour on raw values": KNeighborsClassifier(1),
    }


def draw_picture(classifier, test, path):
    from plots import confusion, explained_line, learning_curve, page, save

    predicted = classifier.predict(test.X)
    some = test[first_hits(test.y, predicted)]
    window = max(3, max(len(case) for case in some.X) // 20)
    case, attributions = most_telling(classifier, some.X, window)
    values = np.asarray(some.X[case])[:, 0]
    target = classifier.predict(some.X)[case]
    has_epochs = len(classifier.history_.get("loss", [0, 0])) > 1
    figure, axes = page(2 + has_epochs)
    if has_epochs:
        learning_curve(axes[0], classifier.history_)
    confusion(axes[-2], test.y, predicted, classifier.classes_)
    title = f"One case, step by step: what supports class {target}"
    labels = {"xlabel": "step", "ylabel": "value, first channel"}
    explained_line(axes[-1], np.arange(len(values)), values, attributions[: len(values)], target, title, **labels)
    save(figure, path)


def main(arguments=None):
    options = read_options(arguments)
    load_keras()
    train, test = read_series(options.data, options.name)
    lengths = [len(case) for case in train.X]
    print(f"{len(train)} training and {len(test)} test cases of {min(lengths)} to {max(lengths)} steps.")
    classifier = seqconv.SeqConvClassifier(
        options.encoder, epochs=options.epochs, n_members=options.members, random_state=options.seed, verbose=1
    )
    start = time.perf_counter()
    classifier.fit(train.X, train.y)
    seconds = time.perf_counter() - start
    ours = classifier.score(test.X, test.y)
    print(f"\n{'':<34}{'accuracy':>9}{'fit s':>8}\n{options.encoder:<34}{ours:>9.4f}{seconds:>8.1f}")
    baselines = {}
    for name, model in simple_models().items():
        start = time.perf_counter()
        model.fit(raw_values(train.X, max(lengths)), train.y)
        seconds = time.perf_counter() - start
        baselines[name] = model.score(raw_values(test.X, max(lengths)), test.y)
        print(f"{name:<34}{baselines[name]:>9.4f}{seconds:>8.1f}")
    print_verdict("accuracy", ours, baselines, ADVICE)
    if options.picture:
        draw_picture(classifier, test, options.picture)


if __name__ == "__main__":
    main()
