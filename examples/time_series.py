"""Classify series of the UCR and UEA archives beside a simple baseline.

Without a data home the script runs on made-up series and says so; ``--data real`` takes the set of that name from the
data home (``SEQCONV_DATA``) or downloads it.

    python examples/time_series.py
    python examples/time_series.py --data real --name JapaneseVowels --encoder resnet --members 3
"""

import argparse
import difflib
import time

import numpy as np
from arguments import picture, seed, whole
from sklearn.linear_model import RidgeClassifierCV
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import seqconv
from seqconv.datasets import load_ucr, load_uea, make_series
from seqconv.domains import home as cache
from seqconv.explain import occlusion

ARCHIVES = {"ucr": load_ucr, "uea": load_uea}


def known_sets():
    """The archive of every set that can be fetched or lies in the data home, by the name of the set."""
    found = [path.split("/")[:2] for path in cache.registered()]
    for archive, suffix in (("ucr", "tsv"), ("uea", "ts")):
        for train in (cache.data_home() / archive).glob(f"*/*_TRAIN.{suffix}*"):
            name = train.parent.name
            if all(cache.present(f"{archive}/{name}/{name}_{part}.{suffix}") for part in ("TRAIN", "TEST")):
                found.append((archive, name))
    return {name: archive for archive, name in found if archive in ARCHIVES}


def near_names(name):
    """What to say to somebody who asks for a set that neither archive has."""
    folded = {known.casefold(): known for known in known_sets()}
    near = [folded[match] for match in difflib.get_close_matches(name.casefold(), folded)]
    offer = f"did you mean {' or '.join(map(repr, near))}?" if near else f"known are {', '.join(sorted(known_sets()))}."
    return f"{offer} The files of another belong into ucr/{name} or uea/{name} of {cache.data_home()}."


def read_series(data, name):
    """Training and test part."""
    if data == "made-up":
        series = make_series(n_cases=300, n_steps=100, n_classes=3, unequal=True, random_state=0)
        print("300 made-up series of unequal lengths: the figures say nothing of real ones. --data real takes those.")
        train, test = train_test_split(np.arange(len(series)), test_size=0.5, stratify=series.y, random_state=0)
        return series[train], series[test]
    series = ARCHIVES[known_sets()[name]](name)
    return series[series.part_is("train")], series[series.part_is("test")]


def summaries(X):
    """Mean, deviation, smallest and largest value of each channel: what needs no shape, (n_cases, 4 * n_channels)."""
    rows = []
    for case in X:
        case = np.asarray(case, dtype=float)
        rows.append([f(case, axis=0) for f in (np.nanmean, np.nanstd, np.nanmin, np.nanmax)])
    return np.nan_to_num(np.array(rows).reshape(len(rows), -1))


def draw_picture(classifier, test, path):
    from plots import confusion, explained_series, learning_curve, page

    case = test[:1]
    target = classifier.predict(case.X)[0]
    window = max(3, len(np.asarray(case.X[0])) // 20)
    found = occlusion(classifier, case.X, window=window, target=target)
    figure, axes = page(3)
    learning_curve(axes[0], classifier.history_)
    confusion(axes[1], test.y, classifier.predict(test.X), classifier.classes_)
    explained_series(axes[2], np.asarray(case.X[0]), found.attributions[0], target)
    figure.savefig(path, dpi=120, format="png")
    print(f"Picture: {path}")


def read_options(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", choices=["made-up", "real"], default="made-up")
    parser.add_argument("--name", help="a set of the UCR or UEA archive, for --data real; default: ItalyPowerDemand")
    parser.add_argument("--encoder", choices=seqconv.encoders.names(), default="fcn")
    parser.add_argument(
        "--epochs", type=whole(1), help="passes over the training part; default: as the library chooses"
    )
    parser.add_argument("--members", type=whole(1), default=1, help="networks whose probabilities are averaged")
    parser.add_argument(
        "--picture", metavar="PATH", type=picture, help="write a PNG: learning curve, confusion matrix, one case"
    )
    parser.add_argument("--seed", type=seed, default=0)
    options = parser.parse_args(arguments)
    if options.name and options.data != "real":
        parser.error("argument --name: a set of the archives is real; give --data real, too")
    options.name = options.name or "ItalyPowerDemand"
    if options.data == "real" and options.name not in known_sets():
        parser.error(
            f"argument --name: a set of the UCR or UEA archive is required, got {options.name!r}; "
            f"{near_names(options.name)}"
        )
    return options


def main(arguments=None):
    options = read_options(arguments)
    train, test = read_series(options.data, options.name)
    lengths = [len(case) for case in train.X]
    print(f"{len(train)} training and {len(test)} test cases of {min(lengths)} to {max(lengths)} steps.")
    classifier = seqconv.SeqConvClassifier(
        options.encoder, epochs=options.epochs, n_members=options.members, random_state=options.seed, verbose=1
    )
    start = time.perf_counter()
    classifier.fit(train.X, train.y)
    seconds = time.perf_counter() - start
    baseline = make_pipeline(StandardScaler(), RidgeClassifierCV()).fit(summaries(train.X), train.y)
    print(f"\n{'':<34}{'accuracy':>9}{'fit s':>8}")
    print(f"{options.encoder:<34}{classifier.score(test.X, test.y):>9.4f}{seconds:>8.1f}")
    print(f"{'ridge on mean, deviation, range':<34}{baseline.score(summaries(test.X), test.y):>9.4f}")
    if options.picture:
        draw_picture(classifier, test, options.picture)


if __name__ == "__main__":
    main()
