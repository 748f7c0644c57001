"""Accuracy of the validation part on pure random walks, where no rule can be better or worse than chance.

Prices have no rule, and the label is whether the close is higher ten bars later: a fair coin that no bar before it knows.
Windows and labels overlap, so that a few hundred cases hold some tens of independent ones. So the interval is that of the mean
over walks, from the deviation between walks. The split at random is the control: it leaks, and must be far from chance.

    python benchmarks/random_walk.py [--walks 20]
"""

import argparse
from functools import partial

import numpy as np

import seqconv
from seqconv.adapters import PriceAdapter
from seqconv.datasets import make_prices
from seqconv.domains.finance.labels import direction
from seqconv.encoders import FCN

HORIZON_BARS = 10


def fit(by, seed, options):
    """Return the validation accuracy of the last epoch, of the mean epoch, of the epoch of the least loss, and its rows."""
    prices = make_prices(n_tickers=options.tickers, n_bars=options.bars, signal=0, random_state=seed)
    adapter = PriceAdapter(n_steps=20)
    cases = adapter.cases(prices, label=partial(direction, horizon_bars=HORIZON_BARS, up=0.0, down=0.0))
    classifier = seqconv.SeqConvClassifier(
        FCN(filters=(16, 16, 16)),
        adapter=adapter,
        epochs=options.epochs,
        validation_fraction=0.25,
        validation_by=by,
        random_state=seed,
    )
    history = classifier.fit(cases).history_
    accuracy = history["val_accuracy"]
    return accuracy[-1], np.mean(accuracy), accuracy[int(np.argmin(history["val_loss"]))], history["accuracy"][-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--walks", type=int, default=20)
    parser.add_argument("--tickers", type=int, default=1)
    parser.add_argument("--bars", type=int, default=400)
    parser.add_argument("--epochs", type=int, default=10)
    options = parser.parse_args()
    print("| split | accuracy of | mean | standard error | errors from 1/2 |\n|---|---|---|---|---|")
    for by in ("time", "case"):
        found = np.array([fit(by, seed, options) for seed in range(options.walks)])
        for name, values in zip(
            ("last epoch", "mean of epochs", "epoch of least loss", "training part"), found.T, strict=True
        ):
            error = values.std(ddof=1) / np.sqrt(len(values))
            print(
                f"| {by} | {name} | {values.mean():.3f} | {error:.3f} | {(values.mean() - 0.5) / error:+.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
