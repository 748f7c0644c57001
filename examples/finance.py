"""Predict whether a stock rises or falls the next day, compared with simple models, with the costs of trading.

The script runs on made-up prices with a planted rule and says so. ``--data real`` reads the daily bars of 87 US stocks of
Xu and Cohen (2018) from the data home (``SEQCONV_DATA``), with their split by date. ``--prices`` reads your own CSV files
of daily bars, one ticker a file, named after it.

    python examples/finance.py
    python examples/finance.py --data real --picture finance.png
    python examples/finance.py --prices AAPL.csv MSFT.csv

What to expect: the network finds the planted rule, and gradient boosting finds it better, as five bars are a table of 45
columns rather than a sequence. On the real stocks no model is better than chance after costs.
"""

import os
import time

import numpy as np
from arguments import new_parser, whole
from results import most_telling, print_verdict
from terminal import load_keras

import seqconv

N_RESAMPLES = 300
ADVICE = "A few bars are a table rather than a sequence. Use that model for so short a window."


def read_options(arguments):
    parser = new_parser(__doc__, "one case", epochs=8, epochs_by_default="8")
    parser.add_argument("--prices", nargs="+", metavar="CSV", default=[], help="your own daily bars, one ticker a file")
    parser.add_argument("--steps", type=whole(1, 250), default=5, help="bars that a case looks back on")
    parser.add_argument("--cost-bp", type=whole(0, 1000), default=5, help="cost of a trade, basis points of its value")
    # Of fewer bars some part would have no window.
    parser.add_argument("--tickers", type=whole(2, 100), default=20, help="made-up tickers")
    parser.add_argument("--bars", type=whole(400, 5000), default=600, help="made-up bars of each")
    options = parser.parse_args(arguments)
    missing = [path for path in options.prices if not os.path.isfile(path)]
    if missing:
        parser.error(f"argument --prices: a file that exists is required, got {missing[0]!r}")
    if options.prices:
        try:
            options.own = read_own(options.prices, options.steps)
        except (OSError, ValueError) as error:
            parser.error(f"argument --prices: {error}")
    return options


def read_cases(options):
    """Return the adapter, and windows with the days of their labels, split into train, dev and test by date."""
    if options.prices:
        adapter, cases, silent = options.own
        print(f"Daily bars of {len(options.prices)} file(s) of yours, split by date.")
        if silent:
            print(f"Without the channel of volume: no volume in {', '.join(silent)}.")
        return adapter, cases
    adapter = seqconv.adapters.PriceAdapter(n_steps=options.steps)
    if options.data == "real":
        prices = seqconv.datasets.load_prices("stocknet_acl18")
        print("Daily bars of 87 US stocks, split by date as by Xu and Cohen (2018).")
    else:
        prices = seqconv.datasets.make_prices(options.tickers, options.bars, random_state=0)
        print(f"Made-up daily bars of {options.tickers} tickers with a planted rule:", end=" ")
        print("the figures say nothing about real ones. --data real reads those, --prices your own.")
    # Days of little change are kept: a trader cannot know them beforehand.
    cases = adapter.cases(prices, dead_zone="keep")
    bounds = "stocknet_acl18" if options.data == "real" else by_date(cases)
    return adapter, seqconv.datasets.split_prices(cases, bounds)


def read_own(paths, n_steps):
    """Return the adapter, cases of the user's files, split by date, and the tickers without volume."""
    tickers = [os.path.basename(path).removesuffix(".gz").removesuffix(".csv") for path in paths]
    same = [path for path, ticker in zip(paths, tickers, strict=True) if tickers.count(ticker) > 1]
    if same:
        raise ValueError(f"each file must be named after a ticker of its own, got {' and '.join(map(repr, same))}.")
    prices = {ticker: seqconv.formats.read_prices(path) for ticker, path in zip(tickers, paths, strict=True)}
    silent = [ticker for ticker, bars in prices.items() if not (bars["volume"] > 0).any()]
    adapter = seqconv.adapters.PriceAdapter(n_steps=n_steps)
    if silent:
        adapter.set_params(channels=[name for name in adapter.channels if "volume" not in name])
    cases = adapter.cases(prices, dead_zone="keep")
    cases = seqconv.datasets.split_prices(cases, by_date(cases))
    for part in ("train", "dev", "test"):
        found = sorted({*cases.y[cases.part_is(part)]} - {"none"})
        if len(found) < 2:
            found = " and ".join(found) or "none"
            raise ValueError(f"the days of the {part} part must have rises and falls, got {found}.")
    return adapter, cases, silent


def by_date(cases):
    """Return the dates of three parts: six tenths of the days, then two tenths, then two tenths."""
    days = np.unique(cases.about["label_start"].to_numpy())
    if len(days) < 50:
        raise ValueError(f"the files must hold bars of 50 days after the first windows or more, got {len(days)}.")
    dates = [np.datetime_as_string(days[len(days) * tenths // 10]) for tenths in (0, 6, 8)]
    edges = [*dates, "2199-01-01"]
    return {part: (edges[i], edges[i + 1]) for i, part in enumerate(("train", "dev", "test"))}


def simple_models():
    """Return the baselines that learn from the same channels as one row a case.

    Cross-validation on the training part of the made-up prices chose boosting: accuracy 0.83, forest 0.77, logistic 0.51.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    observed = StandardScaler(), SimpleImputer(keep_empty_features=True)
    return {
        "gradient boosting": HistGradientBoostingClassifier(random_state=0),
        "random forest": make_pipeline(*observed, RandomForestClassifier(200, min_samples_leaf=5, random_state=0)),
        "logistic regression": make_pipeline(*observed, LogisticRegression(C=0.01)),
    }


def predictions(classifier, train, test):
    """Return the verdicts of each model on the test cases."""
    adapter = classifier.adapter_
    flat, flat_test = (adapter.transform(cases.X).reshape(len(cases), -1) for cases in (train, test))
    last_return = adapter.transform(test.X)[:, -1, adapter.channels_.index("log_return")]
    names, counts = np.unique(train.y, return_counts=True)
    return {
        "convolutional network": classifier.predict(test.X),
        **{name: model.fit(flat, train.y).predict(flat_test) for name, model in simple_models().items()},
        "momentum: as the day before": np.where(last_return > 0, "up", "down"),
        "majority of the training part": np.full(len(test), names[counts.argmax()]),
    }


def print_scores(name, test, predicted, cost_bp):
    """Print figures of the labelled cases and the result of trading on all; return the Matthews correlation and its lower bound."""
    from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef

    from seqconv.metrics import bootstrap_interval, long_short_returns

    is_labelled = test.y != "none"
    y, verdict = (test.y == "up")[is_labelled], (predicted == "up")[is_labelled]
    days = test.about["label_stop"].to_numpy()
    # Stocks move together within a day, so whole days are drawn.
    draws = {"n_resamples": N_RESAMPLES, "random_state": 0}
    least, high = bootstrap_interval(matthews_corrcoef, y, verdict, blocks=days[is_labelled], **draws)
    matthews = matthews_corrcoef(y, verdict)
    print(f"{name:<31}{accuracy_score(y, verdict):>9.4f}{f1_score(y, verdict, average='macro'):>9.4f}", end="")
    print(f"{matthews:>9.4f}  ({least:7.4f} to {high:7.4f})", end="")
    about, positions = test.about, np.where(predicted == "up", 1, -1)
    for cost in (0, cost_bp):
        _, net = long_short_returns(
            positions, about["outcome"], about["stop"], about["record"], cost_bp=cost, ends=about["label_stop"]
        )
        low, high = bootstrap_interval(np.mean, 1e4 * net, **draws)
        print(f"{1e4 * net.mean():>8.1f} ({low:6.1f} to {high:6.1f})", end="")
    print()
    return matthews, least


def draw_picture(classifier, test, path):
    from plots import confusion, explained_line, learning_curve, page, save

    labelled = test[test.y != "none"]
    some = labelled[np.argsort(-classifier.predict_proba(labelled.X).max(axis=1))[:12]]  # the most certain ones
    number, attributions = most_telling(classifier, some.X, window=1)
    case = some[[number]]
    target = classifier.predict(case.X)[0]
    dates = classifier.adapter_.locate(case.X)[0][:, 1]
    figure, axes = page(3)
    learning_curve(axes[0], classifier.history_)
    confusion(axes[1], labelled.y, classifier.predict(labelled.X), classifier.classes_)
    close = case.X[0]["close"][-len(dates) :]
    title = f"{case.groups[0]}, day by day: what supports {target} on the day after"
    labels = {"xlabel": "day", "ylabel": "adjusted close (currency of the file)"}
    explained_line(axes[2], dates, close, attributions[: len(dates)], target, title, **labels)
    shown = dates[:: max(1, len(dates) // 8)]
    axes[2].set_xticks(shown, [str(date)[:10] for date in shown], rotation=30)
    save(figure, path)


def main(arguments=None):
    options = read_options(arguments)
    load_keras()
    adapter, cases = read_cases(options)
    train, dev = (cases[cases.part_is(part) & (cases.y != "none")] for part in ("train", "dev"))
    test = cases[cases.part_is("test")]
    # Few bars, each with a place of its own: the pooling keeps it, and a kernel looks at one bar.
    classifier = seqconv.SeqConvClassifier(
        seqconv.encoders.FCN(filters=(64, 64, 64), kernel_sizes=(1, 1, 1)),
        adapter=adapter,
        pooling=seqconv.layers.ChunkMaxPooling1D(options.steps, flatten=True),
        epochs=options.epochs,
        random_state=options.seed,
        verbose=1,
    )
    start = time.perf_counter()
    classifier.fit(train.X, train.y, validation_data=(dev.X, dev.y))  # by date, not by ticker
    print(f"Trained on {len(train):,} windows in {time.perf_counter() - start:.0f} s.")
    days = test.about["label_stop"]
    print(f"Tested on {len(test):,} windows, {(test.y != 'none').sum():,} of them up or down, ", end="")
    print(f"{days.min():%Y-%m-%d} to {days.max():%Y-%m-%d}. In brackets: 95 % of resamples of whole days.\n")
    print(f"{'':<31}{'':>9}{'':>9}{'':>9}{'':>22}{'long/short, basis points a day':>38}")
    print(f"{'':<31}{'accuracy':>9}{'macro F1':>9}{'Matthews correlation':>31}{'without costs':>20}", end="")
    print(f"{f'cost {options.cost_bp} bp':>25}")
    found = {
        name: print_scores(name, test, predicted, options.cost_bp)
        for name, predicted in predictions(classifier, train, test).items()
    }
    if all(least <= 0 for _, least in found.values()):
        print("\nNo model is better than chance: each interval of the Matthews correlation includes 0.")
    else:
        matthews = {name: figure for name, (figure, _) in found.items()}
        print_verdict("Matthews correlation", matthews.pop("convolutional network"), matthews, ADVICE)
    if options.picture:
        draw_picture(classifier, test, options.picture)


if __name__ == "__main__":
    main()
