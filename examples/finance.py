"""Predict whether a stock rises or falls the next day, beside simple rules, before and after the costs of trading.

Without a data home the script runs on made-up prices with a planted rule and says so; ``--data real`` takes the daily bars
of 87 US stocks of Xu and Cohen (2018) from the data home (``SEQCONV_DATA``), with their split by date; ``--prices`` takes
your own CSV files of daily bars, one ticker each, named after it.

    python examples/finance.py
    python examples/finance.py --data real --picture finance.png
    python examples/finance.py --prices AAPL.csv MSFT.csv
"""

import argparse
import os
import time

import numpy as np
from arguments import picture, seed, whole
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import seqconv
from seqconv.adapters import PriceAdapter
from seqconv.datasets import load_prices, make_prices, split_prices
from seqconv.encoders import FCN
from seqconv.explain import occlusion
from seqconv.formats import read_prices
from seqconv.metrics import bootstrap_interval, long_short_returns

N_RESAMPLES = 300


def read_cases(options):
    """The adapter, and windows with the days that their labels speak of, split into train, dev and test by date."""
    if options.prices:
        adapter, cases, silent = options.own
        print(f"Daily bars of {len(options.prices)} file(s) of yours, split by date.")
        if silent:
            print(f"Without the channel of volume, as there is none of {', '.join(silent)}.")
        return adapter, cases
    adapter = PriceAdapter(n_steps=options.steps)
    if options.data == "real":
        prices = load_prices("stocknet_acl18")
        print("Daily bars of 87 US stocks, split by date as by Xu and Cohen (2018).")
    else:
        prices = make_prices(options.tickers, options.bars, random_state=0)
        print(f"Made-up daily bars of {options.tickers} tickers with a planted rule:", end=" ")
        print("the figures say nothing of real ones. --data real takes those, --prices your own.")
    # The dead zone is kept: who trades cannot know beforehand on which days little will happen.
    cases = adapter.cases(prices, dead_zone="keep")
    return adapter, split_prices(cases, "stocknet_acl18" if options.data == "real" else by_date(cases))


def read_own(paths, n_steps):
    """The adapter, cases of your own files, split by date, and tickers without volume; an error says what they lack."""
    tickers = [os.path.basename(path).removesuffix(".gz").removesuffix(".csv") for path in paths]
    same = [path for path, ticker in zip(paths, tickers, strict=True) if tickers.count(ticker) > 1]
    if same:
        raise ValueError(f"each file must be named after a ticker of its own, got {' and '.join(map(repr, same))}.")
    prices = {ticker: read_prices(path) for ticker, path in zip(tickers, paths, strict=True)}
    silent = [ticker for ticker, bars in prices.items() if not (bars["volume"] > 0).any()]
    adapter = PriceAdapter(n_steps=n_steps)
    if silent:
        adapter.set_params(channels=[name for name in adapter.channels if "volume" not in name])
    cases = adapter.cases(prices, dead_zone="keep")
    cases = split_prices(cases, by_date(cases))
    for part in ("train", "dev", "test"):
        found = sorted({*cases.y[cases.part_is(part)]} - {"none"})
        if len(found) < 2:
            raise ValueError(
                f"the days of the {part} part must have rises and falls, got {' and '.join(found) or 'none'}."
            )
    return adapter, cases, silent


def by_date(cases):
    """Bounds that give the first six tenths of the days to the training, two to the watching and two to the test."""
    days = np.unique(cases.about["label_start"].to_numpy())
    if len(days) < 50:
        raise ValueError(f"the files must hold bars of 50 days after the first windows or more, got {len(days)}.")
    dates = [np.datetime_as_string(days[len(days) * tenths // 10]) for tenths in (0, 6, 8)]
    edges = [*dates, "2199-01-01"]
    return {part: (edges[i], edges[i + 1]) for i, part in enumerate(("train", "dev", "test"))}


def fit_network(adapter, train, dev, epochs, random_state):
    classifier = seqconv.SeqConvClassifier(
        FCN(filters=(32, 64, 32)), adapter=adapter, epochs=epochs, random_state=random_state, verbose=1
    )
    start = time.perf_counter()
    classifier.fit(train.X, train.y, validation_data=(dev.X, dev.y))  # by date, not by ticker
    print(f"Trained on {len(train):,} windows in {time.perf_counter() - start:.0f} s.")
    return classifier


def predictions(classifier, train, test):
    """What each rule says of the test cases."""
    adapter = classifier.adapter_
    flat, flat_test = (adapter.transform(cases.X).reshape(len(cases), -1) for cases in (train, test))
    logistic = make_pipeline(StandardScaler(), SimpleImputer(keep_empty_features=True), LogisticRegression(C=0.01))
    last_return = adapter.transform(test.X)[:, -1, adapter.channels_.index("log_return")]
    names, counts = np.unique(train.y, return_counts=True)
    return {
        "convolutional network": classifier.predict(test.X),
        "logistic regression": logistic.fit(flat, train.y).predict(flat_test),
        "momentum: as the day before": np.where(last_return > 0, "up", "down"),
        "majority of the training part": np.full(len(test), names[counts.argmax()]),
    }


def print_scores(name, test, predicted, cost_bp):
    """Figures of the labelled cases, and what trading on all of them would have earned."""
    is_labelled = test.y != "none"
    y, verdict = (test.y == "up")[is_labelled], (predicted == "up")[is_labelled]
    days = test.about["label_stop"].to_numpy()
    # Stocks move together within a day, so whole days are drawn.
    draws = {"n_resamples": N_RESAMPLES, "random_state": 0}
    low, high = bootstrap_interval(matthews_corrcoef, y, verdict, blocks=days[is_labelled], **draws)
    print(f"{name:<31}{accuracy_score(y, verdict):>9.4f}{f1_score(y, verdict, average='macro'):>9.4f}", end="")
    print(f"{matthews_corrcoef(y, verdict):>9.4f}  ({low:7.4f} to {high:7.4f})", end="")
    about, positions = test.about, np.where(predicted == "up", 1, -1)
    for cost in (0, cost_bp):
        _, net = long_short_returns(
            positions, about["outcome"], about["stop"], about["record"], cost_bp=cost, ends=about["label_stop"]
        )
        low, high = bootstrap_interval(np.mean, 1e4 * net, **draws)
        print(f"{1e4 * net.mean():>8.1f} ({low:6.1f} to {high:6.1f})", end="")
    print()


def draw_picture(classifier, test, path):
    from plots import confusion, explained_prices, learning_curve, page

    labelled = test[test.y != "none"]
    probability = classifier.predict_proba(labelled.X).max(axis=1)
    case = labelled[int(probability.argmax())]
    target = classifier.predict(case.X)[0]
    found = occlusion(classifier, case.X, window=1, target=target)
    dates = classifier.adapter_.locate(case.X)[0][:, 1]
    figure, axes = page(3)
    learning_curve(axes[0], classifier.history_)
    confusion(axes[1], labelled.y, classifier.predict(labelled.X), classifier.classes_)
    close = case.X[0]["close"][-len(dates) :]
    explained_prices(axes[2], dates, close, found.attributions[0], target, case.groups[0])
    figure.savefig(path, dpi=120, format="png")
    print(f"Picture: {path}")


def read_options(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", choices=["made-up", "real"], default="made-up")
    parser.add_argument("--prices", nargs="+", metavar="CSV", default=[], help="your own daily bars, one ticker a file")
    parser.add_argument("--epochs", type=whole(1), default=8, help="passes over the training part")
    parser.add_argument("--steps", type=whole(1, 250), default=5, help="bars that a case looks back on")
    parser.add_argument(
        "--cost-bp", type=whole(0, 1000), default=5, help="cost of a trade in basis points of its value"
    )
    parser.add_argument(
        "--picture", metavar="PATH", type=picture, help="write a PNG: learning curve, confusion matrix, one case"
    )
    # Fewer bars leave no window in some part.
    parser.add_argument("--tickers", type=whole(2, 100), default=20, help="made-up tickers")
    parser.add_argument("--bars", type=whole(400, 5000), default=600, help="made-up bars of each")
    parser.add_argument("--seed", type=seed, default=0)
    options = parser.parse_args(arguments)
    missing = [path for path in options.prices if not os.path.isfile(path)]
    if missing:
        parser.error(f"argument --prices: a file that is there is required, got {missing[0]!r}")
    if options.prices:
        try:
            options.own = read_own(options.prices, options.steps)
        except (OSError, ValueError) as error:
            parser.error(f"argument --prices: {error}")
    return options


def main(arguments=None):
    options = read_options(arguments)
    adapter, cases = read_cases(options)
    train, dev = (cases[cases.part_is(part) & (cases.y != "none")] for part in ("train", "dev"))
    test = cases[cases.part_is("test")]
    classifier = fit_network(adapter, train, dev, options.epochs, options.seed)
    days = test.about["label_stop"]
    print(f"Tested on {len(test):,} windows, {(test.y != 'none').sum():,} of them up or down, ", end="")
    print(f"{days.min():%Y-%m-%d} to {days.max():%Y-%m-%d}. In brackets: 95 % of resamples of whole days.\n")
    print(f"{'':<31}{'':>9}{'':>9}{'':>9}{'':>22}{'long/short, basis points a day':>38}")
    print(f"{'':<31}{'accuracy':>9}{'macro F1':>9}{'Matthews correlation':>31}{'without costs':>20}", end="")
    print(f"{f'cost {options.cost_bp} bp':>25}")
    for name, predicted in predictions(classifier, train, test).items():
        print_scores(name, test, predicted, options.cost_bp)
    if options.picture:
        draw_picture(classifier, test, options.picture)


if __name__ == "__main__":
    main()
