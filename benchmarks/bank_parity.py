"""Features of the fixed banks beside those of aeon, given the same dilations, kernels, channels and thresholds.

Of each pool: the largest difference, the share of features that differ, and how many times aeon's CPU time is ours. A
feature differs where it is more than 1e-4 away, relative to values above 1. Each pair takes turns in one process, on one
thread, compiled before. Runs where aeon 1.6 and PyTorch are installed, without Keras:

    SEQCONV_DATA=data OMP_NUM_THREADS=1 PYTHONPATH=. python benchmarks/bank_parity.py
    SEQCONV_DATA=data OMP_NUM_THREADS=1 PYTHONPATH=. python benchmarks/bank_parity.py --ucr GunPoint --uea --cases 20
"""

import argparse
import os
import sys
import time

os.environ.setdefault("NUMBA_NUM_THREADS", "1")

import numpy as np
from aeon.datasets import load_from_ts_file
from aeon.transformations.collection.convolution_based import HydraTransformer, MiniRocket, MultiRocket
from aeon.transformations.collection.interval_based import QUANTTransformer

from seqconv.banks.hydra import hydra_counts
from seqconv.banks.quantiles import quantile_features
from seqconv.banks.rocket import POOLS, rocket_features
from seqconv.banks.series import Series

SEED = 0
CLOSE = 1e-4


def read_ucr(folder, name):
    """Return the test series of a set, (cases, 1, steps)."""
    table = np.loadtxt(os.path.join(folder, "ucr", name, f"{name}_TEST.tsv"), delimiter="\t", dtype=np.float32)
    return table[:, None, 1:]


def read_uea(folder, name):
    X, _ = load_from_ts_file(os.path.join(folder, "uea", name, f"{name}_TEST.ts"))
    return X.astype(np.float32)


def as_rows(n_per_row, chosen, n_channels):
    """Return channels as 0 and 1, or more for one drawn twice, from aeon's list of chosen ones."""
    rows = np.zeros((len(n_per_row), n_channels), np.float32)
    for row, part in zip(rows, np.split(chosen, np.cumsum(n_per_row)[:-1]), strict=True):
        np.add.at(row, part, 1)
    return rows


def rocket_settings(parameters, n_channels):
    """Return dilations, counts, channels, thresholds of a fitted bank of aeon."""
    if len(parameters) == 3:
        return *parameters[:2], np.ones((84 * len(parameters[0]), 1)), parameters[2]
    n_per_row, chosen, dilations, counts, thresholds = parameters
    return dilations, counts, as_rows(n_per_row, chosen, n_channels), thresholds


def timed(functions, n_rounds=3):
    """Return the results and the least CPU seconds of functions that take turns."""
    results = [function() for function in functions]
    seconds = np.full((n_rounds, len(functions)), np.inf)
    for row in seconds:
        for i, function in enumerate(functions):
            start = time.process_time()
            function()
            row[i] = time.process_time() - start
    return results, seconds.min(axis=0)


def compare(name, bank, theirs, ours, seconds):
    for part, (one, other) in {key: (theirs[key], ours[key]) for key in theirs}.items():
        apart = np.abs(one - other)
        differs = apart > CLOSE * np.maximum(1, np.abs(one))
        rest = apart[~differs].max(initial=0)
        ratio = seconds[0] / seconds[1]
        milliseconds = 1e3 * seconds / len(one)
        print(
            f"{name:14} {bank:11} {part:22} {apart.max():10.2e} {rest:10.2e} {differs.mean():9.1e} "
            f"{milliseconds[0]:8.3f} {milliseconds[1]:8.3f} {ratio:6.1f}"
        )


def mini_rocket(name, X, series):
    bank = MiniRocket(random_state=SEED).fit(X)
    n_per_row, chosen, dilations, counts, thresholds = bank.parameters
    channels = as_rows(n_per_row, chosen, X.shape[1])
    settings = dilations, counts, channels, thresholds
    (theirs, ours), seconds = timed(
        [lambda: bank.transform(X), lambda: rocket_features(series, *settings, compat="reference")]
    )
    compare(name, "MiniRocket", {"proportion": np.asarray(theirs)}, {"proportion": ours}, seconds)


def multi_rocket(name, X, series):
    bank = MultiRocket(random_state=SEED).fit(X)
    base = rocket_settings(bank.parameter, X.shape[1])
    difference = rocket_settings(bank.parameter1, X.shape[1])
    # aeon draws channels for the difference, and then uses those of the series.
    difference = *difference[:2], base[2][: len(difference[2])], difference[3]

    def ours():
        return (
            rocket_features(series, *base, POOLS, "reference"),
            rocket_features(series.difference(), *difference, POOLS, "reference", is_difference=True),
        )

    (theirs, found), seconds = timed([lambda: bank.transform(X), ours])
    theirs = np.split(np.asarray(theirs), 2, axis=1)
    for part, (one, other) in {"series": (theirs[0], found[0]), "difference": (theirs[1], found[1])}.items():
        split = [dict(zip(POOLS, np.split(features, 4, axis=1), strict=True)) for features in (one, other)]
        compare(
            name, "MultiRocket", *({f"{pool} {part}": value for pool, value in each.items()} for each in split), seconds
        )


def hydra(name, X, series):
    bank = HydraTransformer(random_state=SEED, output_type="numpy").fit(X)
    fitted = bank._hydra
    dilations = fitted.dilations.numpy()
    n_channels = X.shape[1]
    sides = []
    for side in range(2):
        kernels = fitted.W[:, side, :, 0].numpy().reshape(len(dilations), fitted.h, 8, 9)
        # (dilations, groups, drawn); aeon may draw a channel twice.
        chosen = np.stack([index[side].numpy() for index in fitted.idx])
        n_per_row = np.full(chosen[..., 0].size, chosen.shape[-1])
        channels = as_rows(n_per_row, chosen.ravel(), n_channels).reshape(*chosen.shape[:2], n_channels)
        sides.append((dilations, kernels, channels))

    def ours():
        return hydra_counts(series, *sides[0]), hydra_counts(series.difference(), *sides[1])

    (theirs, found), seconds = timed([lambda: bank.transform(X), ours])
    # (cases, dilations, side, max or min, counts)
    theirs = np.asarray(theirs).reshape(len(X), len(dilations), 2, 2, -1)
    found = np.stack([one.reshape(len(X), len(dilations), 2, -1) for one in found], axis=2)
    kinds = {"max counts": 0, "min counts": 1}
    one, other = (
        {kind: values[:, :, :, i].reshape(len(X), -1) for kind, i in kinds.items()} for values in (theirs, found)
    )
    compare(name, "Hydra", one, other, seconds)


def quantiles(name, X, series):
    bank = QUANTTransformer().fit(X)
    (theirs, ours), seconds = timed([lambda: bank.transform(X), lambda: quantile_features(series, X.shape[2])])
    compare(name, "QUANT", {"quantiles": np.asarray(theirs)}, {"quantiles": ours}, seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ucr", nargs="*", default=["GunPoint", "OSULeaf", "Computers"])
    parser.add_argument("--uea", nargs="*", default=["BasicMotions"])
    parser.add_argument("--cases", type=int, default=64, help="cases of each set")
    options = parser.parse_args()
    folder = os.environ["SEQCONV_DATA"]
    print(
        f"{'set':14} {'bank':11} {'pool':22} {'largest':>10} {'others':>10} {'differ':>9} {'aeon ms':>8} {'ours ms':>8} times"
    )
    for read, names in ((read_ucr, options.ucr), (read_uea, options.uea)):
        for name in names:
            X = read(folder, name)[: options.cases]
            series = Series.read(X.transpose(0, 2, 1))
            for bank in (mini_rocket, multi_rocket, hydra, quantiles):
                bank(name, X, series)
    assert "keras" not in sys.modules


if __name__ == "__main__":
    main()
