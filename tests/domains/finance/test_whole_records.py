"""Whole files with one label each, given where cases are meant."""

import warnings

import numpy as np
import pandas as pd
import pytest

from seqconv import SeqConvClassifier
from seqconv.adapters import OrderBookAdapter, PriceAdapter
from seqconv.datasets import make_order_book, make_prices
from seqconv.encoders import MiniRocket

PRICES = make_prices(n_tickers=4, n_bars=60, random_state=0)
ADAPTER = PriceAdapter(n_steps=8, channels=["log_return", "average_5"])


@pytest.fixture
def files(tmp_path):
    for ticker, bars in enumerate(PRICES.X):
        pd.DataFrame(bars).to_csv(tmp_path / f"T{ticker}.csv", index=False)
    return sorted(tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["files", "frames", "bars", "values of a dict"])
def test_labels_of_whole_files_are_doubted(files, kind):
    X = {
        "files": files,
        "frames": [pd.DataFrame(bars) for bars in PRICES.X],
        "bars": PRICES.X,
        "values of a dict": dict(enumerate(PRICES.X)).values(),
    }[kind]
    with pytest.warns(UserWarning, match="case 0 has 60 rows, of which the last 8 are the steps.*by the method cases"):
        ADAPTER.fit(X, ["up", "down", "up", "down"])


def test_an_estimator_warns_in_fit_and_not_in_predict(files):
    X, y = files * 5, ["up", "down"] * 10
    with pytest.warns(UserWarning, match="cut whole records into cases"):
        classifier = SeqConvClassifier(MiniRocket(84), adapter=ADAPTER).fit(X, y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(classifier.predict(files)) == 4


def test_a_day_of_an_order_book_with_one_label_is_doubted():
    books = make_order_book(n_days=2, n_snapshots=120, n_levels=2, random_state=0).X
    adapter = OrderBookAdapter(n_steps=8, n_levels=2, context_steps=4)
    days = [day for book in books for _, day in book.groupby(book.columns[0])] if len(books) < 2 else books
    with pytest.warns(UserWarning, match="of which the last 8 are the steps"):
        adapter.fit(list(days)[:2], [0, 1])


def test_cases_and_records_without_labels_are_not_doubted(files):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cut = ADAPTER.cases(files)
        ADAPTER.fit(cut.X, cut.y)
        ADAPTER.fit(files)
        ADAPTER.fit([bars[-20:] for bars in PRICES.X], np.arange(4))


def test_a_record_that_cannot_be_read_is_named_where_it_is_read(tmp_path):
    (tmp_path / "bad.csv").write_text("nothing\n")
    ADAPTER.fit([tmp_path / "bad.csv"], ["up"])
    with pytest.raises(ValueError, match="case 0"):
        ADAPTER.transform([tmp_path / "bad.csv"])
