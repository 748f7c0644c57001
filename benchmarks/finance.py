"""Direction of the next day from daily bars, and of made-up order books with and without a planted signal.

The stocks and their split are those of Xu and Cohen (2018). The baselines are logistic regression on the same channels,
momentum and a majority rule. Intervals hold 95 % of resamples of whole days.

    SEQCONV_DATA=... python benchmarks/finance.py
"""

import argparse
import platform
import time
from functools import partial

import keras
import numpy as np
import sklearn
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import seqconv
from seqconv.adapters import OrderBookAdapter, PriceAdapter
from seqconv.datasets import load_prices, make_order_book, split_prices
from seqconv.domains.finance.labels import smoothed_move
from seqconv.encoders import FCN
from seqconv.metrics import bootstrap_interval, long_short_returns

FIGURES = {
    "accuracy": accuracy_score,
    "macro F1": partial(f1_score, average="macro"),
    "Matthews": matthews_corrcoef,
}


def fit_networks(adapter, train, dev, options):
    """Yield a network for each seed, and print the seconds of its fit."""
    for seed in range(options.seeds):
        start = time.perf_counter()
        classifier = seqconv.SeqConvClassifier(
            FCN(filters=(32, 64, 32)), adapter=adapter, epochs=options.epochs, random_state=seed
        ).fit(train.X, train.y, validation_data=(dev.X, dev.y))
        print(f"  seed {seed}: {time.perf_counter() - start:.0f} s", flush=True)
        yield classifier


def logistic_regression(adapter, train, test, n_last=None):
    """Return the verdicts of a linear model on the values of all steps, or of the last ones."""
    arrays = (adapter.fit(cases.X).transform(cases.X) for cases in (train, test))
    flat, flat_test = (X[:, -(n_last or X.shape[1]) :].reshape(len(X), -1) for X in arrays)
    steps = StandardScaler(), SimpleImputer(keep_empty_features=True), LogisticRegression(C=0.01, max_iter=1000)
    return make_pipeline(*steps).fit(flat, train.y).predict(flat_test)


def majority(train, test):
    names, counts = np.unique(train.y, return_counts=True)
    return np.full(len(test), names[counts.argmax()])


def over_seeds(figure):
    """Return a function for the mean of a figure over the columns of verdicts, one column a seed."""
    return lambda y, verdicts: np.mean([figure(y, column) for column in verdicts.T])


def interval(statistic, *arrays, blocks=None):
    low, high = bootstrap_interval(statistic, *arrays, blocks=blocks, random_state=0)
    return f"({low:7.4f} to {high:7.4f})"


def print_figures(name, y, verdicts, days):
    """Print mean and deviation over the seeds, and the interval of the mean over days."""
    y, verdicts = y == "up", np.column_stack([verdict == "up" for verdict in verdicts])
    print(f"{name:<28}", end="")
    for figure in FIGURES.values():
        found = [figure(y, column) for column in verdicts.T]
        spread = f"+-{np.std(found):.4f}" if len(found) > 1 else ""
        print(f"{np.mean(found):>9.4f}{spread:<9}{interval(over_seeds(figure), y, verdicts, blocks=days)}", end="")
    print(flush=True)


def print_trading(name, about, verdicts, costs):
    """Print the basis points a day of going long where a rise is predicted, else short; mean over the seeds."""
    print(f"{name:<28}", end="")
    for cost in costs:
        net = [
            long_short_returns(
                np.where(verdict == "up", 1, -1),
                *(about[name] for name in ("outcome", "stop", "record")),
                cost_bp=cost,
                ends=about["label_stop"],
            )[1]
            for verdict in verdicts
        ]
        by_day = 1e4 * np.mean(net, axis=0)
        low, high = bootstrap_interval(np.mean, by_day, random_state=0)
        print(f"{by_day.mean():>9.1f} ({low:6.1f} to {high:6.1f})", end="")
    print(flush=True)


def stocks(options):
    adapter = PriceAdapter(n_steps=options.steps)
    cases = split_prices(adapter.cases(load_prices("stocknet_acl18"), dead_zone="keep"), "stocknet_acl18")
    train, dev = (cases[cases.part_is(part) & (cases.y != "none")] for part in ("train", "dev"))
    test = cases[cases.part_is("test")]
    is_labelled = test.y != "none"
    print(
        f"\nStocks (ACL18): {len(train):,} / {len(dev):,} / {is_labelled.sum():,} cases, {options.steps} steps, ",
        end="",
    )
    print(f"channels {', '.join(adapter.channels)}")
    networks = list(fit_networks(adapter, train, dev, options))
    last_return = networks[0].adapter_.transform(test.X)[:, -1, adapter.channels.index("log_return")]
    verdicts = {
        "seqconv FCN(32, 64, 32)": [network.predict(test.X) for network in networks],
        "logistic regression": [logistic_regression(adapter, train, test)],
        "momentum": [np.where(last_return > 0, "up", "down")],
        "majority": [majority(train, test)],
    }
    print(f"{'':<28}" + "".join(f"{name:>9}{'sd':>6}{'interval':>23}" for name in FIGURES))
    days = test.about["label_stop"].to_numpy()[is_labelled]
    for name, found in verdicts.items():
        print_figures(name, test.y[is_labelled], [verdict[is_labelled] for verdict in found], days)
    costs = (0, options.cost_bp)
    print(
        f"Long/short on all {len(test):,} cases of the test part, basis points a day, at costs of {costs} bp a trade:"
    )
    for name, found in verdicts.items():
        print_trading(name, test.about, found, costs)


def books(options):
    """Predict jumps of the price within 20 snapshots; the course of the sizes before tells them, or nothing does."""
    adapter = OrderBookAdapter(n_steps=40, n_levels=5, context_steps=40)
    rule = partial(smoothed_move, horizon_bars=20, threshold=2e-4)  # two ticks: a jump, no small move
    for signal in (True, False):
        made = make_order_book(n_days=24, n_snapshots=2000, signal=signal, random_state=0)
        cases = adapter.cases(made, label=rule, dead_zone="drop", stride_steps=2)
        day = cases.about["record"].to_numpy()
        train, dev, test = (cases[(day >= first) & (day < last)] for first, last in ((0, 10), (10, 12), (12, 24)))
        title = "with a planted signal" if signal else "without any signal"
        print(f"\nMade-up order book {title}: {len(train):,} / {len(dev):,} / {len(test):,} cases")
        networks = list(fit_networks(adapter, train, dev, options))
        steps, channels = networks[0].adapter_.transform(test.X), networks[0].adapter_.channels_
        moves = steps[:, :, channels.index("mid_return")].sum(axis=1)  # of the mid-price over the case
        leans = steps[:, -1, [name.startswith("imbalance") for name in channels]].mean(axis=1)
        verdicts = {
            "seqconv FCN(32, 64, 32)": [network.predict(test.X) for network in networks],
            "logistic, all snapshots": [logistic_regression(adapter, train, test)],
            "logistic, last snapshot": [logistic_regression(adapter, train, test, n_last=1)],
            "side of the last sizes": [np.where(leans > 0, "up", "down")],
            "momentum": [np.where(moves > 0, "up", "down")],
            "majority": [majority(train, test)],
        }
        print(f"{'':<28}" + "".join(f"{name:>9}{'sd':>6}{'interval':>23}" for name in FIGURES))
        for name, found in verdicts.items():
            print_figures(name, test.y, found, test.about["day"].to_numpy())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3, help="number of networks, one a seed")
    parser.add_argument("--epochs", type=int, default=8, help="most passes over the training part")
    parser.add_argument("--steps", type=int, default=5, help="bars that a case looks back on")
    parser.add_argument("--cost-bp", type=float, default=5.0, help="cost of a trade in basis points of its value")
    parser.add_argument("--only", choices=["stocks", "books"], help="one of the two parts")
    options = parser.parse_args()
    print(f"seqconv {seqconv.__version__}, keras {keras.__version__} on {keras.backend.backend()},", end=" ")
    print(f"scikit-learn {sklearn.__version__}, Python {platform.python_version()}, {options.epochs} epochs at most")
    if options.only != "books":
        stocks(options)
    if options.only != "stocks":
        books(options)


if __name__ == "__main__":
    main()
