"""Promises of read_order_book: sessions in order, or no by row."""

import numpy as np
import pandas as pd
import pytest

from seqconv.formats import read_order_book

# best ask price and size, best bid price and size, then the second level
BOOK = np.array([[10.2, 5, 10.0, 7, 10.3, 1, 9.9, 2], [10.2, 4, 10.1, 7, 10.4, 1, 9.9, 0]])
NAMES = [f"{side}_{what}_{i}" for i in (1, 2) for side in ("ask", "bid") for what in ("price", "size")]


def frame(n=2, **columns):
    table = pd.DataFrame(np.tile(BOOK, (n, 1))[: 2 * n], columns=NAMES)
    return table.assign(**({"day": "2015-01-05"} | columns))


def test_an_array_is_one_session_in_the_order_of_lobster():
    (session,) = read_order_book(BOOK, 2)
    assert session.instrument is None and session.day is None and session.snapshots["row"].tolist() == [0, 1]
    assert session.snapshots["ask_price"].tolist() == [[10.2, 10.3], [10.2, 10.4]]
    assert session.snapshots["bid_price"].tolist() == [[10.0, 9.9], [10.1, 9.9]]
    assert session.snapshots["ask_size"].tolist() == [[5, 1], [4, 1]] and session.snapshots["bid_size"][1, 1] == 0
    assert read_order_book(BOOK, 1)[0].snapshots["ask_price"].tolist() == [[10.2], [10.2]]


def test_empty_levels_of_lobster_are_missing():
    book = BOOK.copy()
    book[0, 4:] = [9_999_999_999, 0, -9_999_999_999, 0]
    snapshots = read_order_book(book, 2)[0].snapshots
    for name in ("ask_price", "ask_size", "bid_price", "bid_size"):
        assert np.isnan(snapshots[name]).tolist() == [[False, True], [False, False]]


@pytest.mark.parametrize(
    "rename",
    [
        lambda name: name,
        lambda name: name.title().replace("_", ""),  # AskPrice1
        lambda name: "{1}_{0}_{2}".format(*name.split("_")).upper(),  # PRICE_ASK_1
        lambda name: name.replace("size", "volume").replace("_1", "0").replace("_2", "1"),
    ],
)
def test_a_frame_names_its_columns_in_the_usual_ways_and_in_any_order(rename):
    table = frame().iloc[:, ::-1].rename(columns=lambda name: rename(name) if name in NAMES else name)
    (session,) = read_order_book(table.assign(note="x"), 2)
    np.testing.assert_array_equal(session.snapshots[:2], read_order_book(BOOK, 2)[0].snapshots)


def test_sessions_are_instruments_and_days_even_where_their_rows_alternate():
    table = frame(3, symbol=["A", "B", "A", "B", "A", "A"], day=[1, 1, 1, 1, 2, 2])
    found = read_order_book(table, 2)
    assert [(s.instrument, s.day, s.snapshots["row"].tolist()) for s in found] == [
        ("A", 1, [0, 2]),
        ("B", 1, [1, 3]),
        ("A", 2, [4, 5]),
    ]


def test_days_come_from_times_where_there_is_no_column_of_days():
    times = pd.to_datetime(["2015-01-05 16:00", "2015-01-05 17:00", "2015-01-06 09:00", "2015-01-06 09:00"])
    found = read_order_book(frame(2, time=times).drop(columns="day"), 2)
    assert [(s.day, len(s.snapshots)) for s in found] == [("2015-01-05", 2), ("2015-01-06", 2)]


def changed(row, column, value):
    book = BOOK.copy()
    book[row, column] = value
    return book


@pytest.mark.parametrize(
    "book, error, message",
    [
        (
            changed(1, 2, 10.3),
            ValueError,
            "row 1 of the book: the best bid must not be above the best ask, got 10.3 and 10.2",
        ),
        (
            changed(1, 0, np.nan),
            ValueError,
            "row 1 of the book: ask prices must be above 0, the best one observed, got nan",
        ),
        (changed(0, 6, -1), ValueError, "row 0 of the book: bid prices must be above 0"),
        (changed(0, 6, np.inf), ValueError, "row 0 of the book: bid size|row 0 of the book: bid prices must"),
        (changed(1, 5, -2), ValueError, "row 1 of the book: ask sizes must be 0 or more, got -2"),
        (changed(1, 7, np.nan), ValueError, "row 1 of the book: bid sizes must be 0 or more, got nan"),
        (
            changed(0, 4, 10.1),
            ValueError,
            "row 0 of the book: ask prices must go away from the middle, got 10.1 further out",
        ),
        (changed(0, 6, 10.05), ValueError, "row 0 of the book: bid prices must go away"),
        (BOOK[:, :7], ValueError, "a book of 2 levels must have 8 columns or more, got 7"),
        (BOOK[:, :4], ValueError, "a book of 2 levels must have 8 columns or more, got 4"),
        (BOOK[:0], TypeError, r"numbers \(n_snapshots, 4 \* n_levels\)"),
        (BOOK[0], TypeError, "got float64 of shape"),
        (BOOK.astype(str), TypeError, "a book must be numbers"),
        (frame()[:0], ValueError, "a book must hold at least one snapshot"),
        (frame().drop(columns="bid_size_2"), ValueError, "must have a column bid_size_2, got ask_price_1"),
        (frame().drop(columns="day"), ValueError, "a frame must tell the day of each snapshot"),
        (frame(day=[None, "x", "x", "x"]), ValueError, "row 0 of the book: each snapshot must have its day"),
        (frame(symbol=["A", pd.NA, "A", "A"]), ValueError, "row 1 of the book: each snapshot must have its instrument"),
        (frame(time=[1.0, 2.0, 1.5, 3.0]), ValueError, "row 2 of the book: time must not go back in a session"),
        (frame(ask_price_1="x"), TypeError, "prices and sizes of a book must be numbers"),
    ],
)
def test_a_bad_book_is_refused_by_row(book, error, message):
    with pytest.raises(error, match=message):
        read_order_book(book, 2)
