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


@pytest.mark.parametrize(
    "name", ["ASKS[0].price", "Level 0 price ask", "ask_price_l0", "0_price_asks", "ask-price-lvl-00"]
)
def test_the_level_may_be_called_one(name):
    table = frame().rename(columns=lambda name: name.replace("_1", "_0").replace("_2", "_1"))
    (session,) = read_order_book(table.rename(columns={"ask_price_0": name}), 2)
    np.testing.assert_array_equal(session.snapshots["ask_price"], np.tile(BOOK, (2, 1))[:, [0, 4]])


@pytest.mark.parametrize(
    "name",
    [
        *(
            "ask_price_1_lag1",
            "bid_volume_1_sum",
            "ask_price_1.1",
            "mean_ask_price_1",
            "ask_price_1_10",
            "ask_bid_price_1",
        ),
        *("task_price_1", "ask_price_1s", "ask_price", "ask_price_\u0661", "ask_price_" + "1" * 5000),
    ],
)
@pytest.mark.parametrize("at_end", [True, False])
def test_a_column_whose_name_says_more_is_no_level(name, at_end):
    table = frame()
    table.insert(table.shape[1] if at_end else 0, name, 77.0)
    (session,) = read_order_book(table, 2)
    np.testing.assert_array_equal(session.snapshots[:2], read_order_book(BOOK, 2)[0].snapshots)


@pytest.mark.parametrize("name", ["ask_volume_1", "AskSize01", "size_ask_1", "ask_size_1", "ASK_SIZE_1"])
def test_two_columns_for_one_place_are_refused_by_name(tmp_path, name):
    table = frame()
    table.insert(0, name, 77.0, allow_duplicates=True)
    table.to_csv(tmp_path / "book.csv", index=False)
    for source in (table, tmp_path / "book.csv"):
        with pytest.raises(ValueError, match=f"one column must be ask_size_1, got {name!r} and 'ask_size_1'"):
            read_order_book(source, 2)


@pytest.mark.parametrize("key", ["instrument", "day", "time"])
def test_two_columns_of_one_key_are_refused_by_name(tmp_path, key):
    table = frame(instrument="A", time=TIMES)
    table.insert(0, key.title(), table[key])
    table.to_csv(tmp_path / "book.csv", index=False)
    for source in (table, tmp_path / "book.csv"):
        with pytest.raises(ValueError, match=f"one column must be the {key}, got several named {key!r}"):
            read_order_book(source, 2)


def test_sessions_are_instruments_and_days_even_where_their_rows_alternate():
    table = frame(3, symbol=["A", "B", "A", "B", "A", "A"], day=[1, 1, 1, 1, 2, 2])
    found = read_order_book(table, 2)
    assert [(s.instrument, s.day, s.snapshots["row"].tolist()) for s in found] == [
        ("A", 1, [0, 2]),
        ("B", 1, [1, 3]),
        ("A", 2, [4, 5]),
    ]


def test_days_come_from_times_where_there_is_no_column_of_days():
    times = pd.to_datetime(["2015-01-05 16:00", "2015-01-05 16:10", "2015-01-06 09:00", "2015-01-06 09:30"])
    found = read_order_book(frame(2, time=times).drop(columns="day"), 2)
    assert [(s.day, len(s.snapshots)) for s in found] == [("2015-01-05", 2), ("2015-01-06", 2)]


TIMES = ["2015-01-05 16:00:00", "2015-01-05 16:10:00.5", "2015-01-06 09:00:00", "2015-01-06 09:30:00"]


@pytest.mark.parametrize(
    "place",
    [
        lambda table, times: table.assign(time=times),
        lambda table, times: table.assign(timestamp=times.astype(str)),
        lambda table, times: table.assign(date=times),
        lambda table, times: table.assign(date=times.astype(str)),
        lambda table, times: table.set_index(times),
        lambda table, times: table.set_index(times.rename("time")),
        lambda table, times: table.set_index(times.astype(str).rename("Time")),
        lambda table, times: table.set_index(times.tz_localize("America/New_York")),
        lambda table, times: table.assign(date=times.date, time=times.time),
        lambda table, times: table.assign(date=times.normalize(), time=[57600, 58200.5, 32400, 34200]),
    ],
)
def test_times_may_stand_in_any_column_or_in_the_index(place):
    times = pd.DatetimeIndex(pd.to_datetime(TIMES, format="ISO8601"))
    found = read_order_book(place(frame(2).drop(columns="day"), times), 2)
    assert [(str(s.day), s.snapshots["row"].tolist()) for s in found] == [
        ("2015-01-05", [0, 1]),
        ("2015-01-06", [2, 3]),
    ]


@pytest.mark.parametrize("times", [[0.0, 1800, 3600.5, 3601], ["9:00", "9:30", "10:00:00.5", "10:00:01"]])
def test_a_gap_begins_a_new_session_and_none_is_looked_for_on_request(times):
    table = frame(2, time=times)
    assert [s.snapshots["row"].tolist() for s in read_order_book(table, 2)] == [[0, 1], [2, 3]]
    assert len(read_order_book(table, 2, max_gap_seconds=None)) == 1
    assert len(read_order_book(table, 2, max_gap_seconds=0.4)) == 4


def test_a_file_gives_the_sessions_of_its_frame(tmp_path):
    table = frame(2, time=TIMES).drop(columns="day")
    expected = read_order_book(table, 2)
    for name, options in (("a.csv", {}), ("b.csv.gz", {}), ("c.txt", {"sep": "\t"})):
        table.to_csv(tmp_path / name, index=False, **options)
        for path in (tmp_path / name, str(tmp_path / name)):
            for one, other in zip(read_order_book(path, 2), expected, strict=True):
                assert one.day == other.day and one.snapshots.tobytes() == other.snapshots.tobytes()


@pytest.mark.parametrize(
    ("one", "other"),
    [("000001", "1"), ("NA", "nan"), ("null", "None"), ("1e3", "1000"), ("True", "true"), ("a,b", 'a"b'), ("1.0", "1")],
)
def test_keys_of_a_file_are_the_text_that_they_are(tmp_path, one, other):
    table = frame(2, ticker=[one, other, one, other], day=["2", "02", "2", "02"], time=[1.0, 1, 2, 2])
    table.to_csv(tmp_path / "book.csv", index=False)
    found = read_order_book(tmp_path / "book.csv", 2)
    assert [(s.instrument, s.day, s.snapshots["row"].tolist()) for s in found] == [
        (one, "2", [0, 2]),
        (other, "02", [1, 3]),
    ]


@pytest.mark.parametrize("cell", ["", "NaN", "NA"])
def test_blank_cells_of_a_file_are_empty_levels_and_a_blank_key_is_refused(tmp_path, cell):
    table = frame(symbol="A").astype(object)
    table.loc[1, ["ask_price_2", "ask_size_2"]] = cell
    table.to_csv(tmp_path / "book.csv", index=False)
    assert np.isnan(read_order_book(tmp_path / "book.csv", 2)[0].snapshots["ask_price"]).sum() == 1
    for key in ("symbol", "day"):
        table.assign(**{key: ["A", "A", "", "A"]}).to_csv(tmp_path / "book.csv", index=False)
        with pytest.raises(ValueError, match="book.csv, line 4: each snapshot must have its"):
            read_order_book(tmp_path / "book.csv", 2)


def test_numbers_of_a_file_may_be_times_and_one_of_them_missing(tmp_path):
    table = frame(2, time=[34200.5, 34260, 36100, 36101])
    table.to_csv(tmp_path / "book.csv", index=False)
    assert [s.snapshots["row"].tolist() for s in read_order_book(tmp_path / "book.csv", 2)] == [[0, 1], [2, 3]]
    table.assign(time=[34200.5, 34260, np.nan, 36101]).to_csv(tmp_path / "book.csv", index=False)
    with pytest.raises(ValueError, match="line 4: each snapshot must have a time"):
        read_order_book(tmp_path / "book.csv", 2)


@pytest.mark.parametrize("times", [[95958, 95959, 100000, 103001], [95958.5, 95959.5, 100000.5, 103001.5]])
def test_times_of_the_clock_without_marks_are_no_seconds(tmp_path, times):
    table = frame(2, time=times)
    table.assign(time=[f"{time:08.1f}" for time in times]).to_csv(tmp_path / "book.csv", index=False)
    for source in (table, table.astype({"time": str}), tmp_path / "book.csv"):
        assert [s.snapshots["row"].tolist() for s in read_order_book(source, 2)] == [[0, 1, 2], [3]]


@pytest.mark.parametrize(
    "times",
    [[930, 931, 959, 1000], [80000, 80001, 80059, 80100], [34200, 34201, 34202, 34203], [93000000, 93003000] * 2],
)
def test_times_that_may_be_seconds_or_the_clock_are_refused_with_what_to_do(tmp_path, times):
    table = frame(2, time=times)
    table.to_csv(tmp_path / "book.csv", index=False)
    for source, place in ((table, "row 0 of the book"), (tmp_path / "book.csv", "book.csv, line 2")):
        with pytest.raises(ValueError, match=f"{place}: .*seconds or .*got {times[0]}; write .* such as 09:30:00"):
            read_order_book(source, 2)
    seconds = pd.to_timedelta(sorted(range(4)), unit="s") + pd.Timedelta(hours=9)
    assert len(read_order_book(table.assign(time=seconds), 2)) == 1


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda text: "", r"must hold a line of names and at least one line of data, got 0 line\(s\)"),
        (lambda text: "\n\n", "got 0 line"),
        (lambda text: text.split("\n")[0] + "\n", "got 1 line"),
        (lambda text: text.replace("10.0,", ""), "line 2: each line must have 9 cells as the first, got 8"),
        (
            lambda text: text.replace("9.9,2.0,2015-01-05", '"9.9"'),
            "line 2: each line must have 9 cells as the first, got 7",
        ),
        (lambda text: text.replace("10.2,5", '"10.2,5'), "line 2: the line must be plain CSV"),
        (lambda text: text.replace("10.2,4", "10.2\r4"), "line 4: each line must have 9 cells as the first, got 1"),
        (lambda text: text.replace("10.2,4", "10.2,4\r5"), "line 4: each line must have 9 cells as the first, got 2"),
        (lambda text: text.replace("10.1,", "10.3,"), "line 4: the best bid must not be above the best ask"),
        (lambda text: text.replace("10.2,4", "10.2,-4"), "line 4: ask sizes must be 0 or more"),
        (lambda text: text.replace("ask_price_1", "x"), "must have a column ask_price_1, got x"),
        (lambda text: text[text.index("\n") + 1 :], "must have a column ask_price_1, got .*; give .* as an array"),
        (lambda text: text.replace("10.1,", "ten,"), "line 4: a value must be a number or missing, got 'ten'"),
        (lambda text: text.encode("utf-16-le"), "must be UTF-8"),
        (lambda text: b"\x1f\x8b" + text.encode(), "damaged or cut"),
    ],
)
def test_a_file_that_is_no_book_is_refused_by_name_and_line(tmp_path, change, message):
    written = frame(1).to_csv(index=False)
    text = change(written.replace("\n10.2,4", "\n\n10.2,4") if "line 4" in message else written)  # a blank line
    path = tmp_path / "book.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises((ValueError, TypeError), match=message) as error:
        read_order_book(path, 2)
    assert str(path) in str(error.value)
    with pytest.raises(OSError):
        read_order_book(tmp_path / "none.csv", 2)


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
        (frame().drop(columns="day"), ValueError, "a book must have the day of each snapshot"),
        (frame(day=[None, "x", "x", "x"]), ValueError, "row 0 of the book: each snapshot must have its day"),
        (frame(symbol=["A", pd.NA, "A", "A"]), ValueError, "row 1 of the book: each snapshot must have its instrument"),
        (
            frame(time=[1.0, 2.0, 2.0, 3.0]),
            ValueError,
            "row 2 of the book: each time must come once .* 2.0 comes twice",
        ),
        (frame(time=[1.0, np.nan, 2.0, 3.0]), ValueError, "row 1 of the book: each snapshot must have a time"),
        (
            frame(time=pd.to_datetime([*TIMES[:1], None, *TIMES[:2]], format="ISO8601")),
            ValueError,
            "row 1 .* must have a time",
        ),
        (frame(time=[*TIMES[:1], None, *TIMES[:2]]), ValueError, "row 1 of the book: each snapshot must have a time"),
        (
            frame(time=pd.to_datetime([None, *TIMES[:3]], format="ISO8601")).drop(columns="day"),
            ValueError,
            "row 0 of the book: each snapshot must have a time",
        ),
        (frame(time=["soon"] * 4), ValueError, "row 0 of the book: a date must be such as"),
        (frame(time=[1.0, 2.0, 1.5, 3.0]), ValueError, "row 2 of the book: time must not go back in a session"),
        (frame(ask_price_1="x"), ValueError, "row 0 of the book: a value must be a number or missing, got 'x'"),
    ],
)
def test_a_bad_book_is_refused_by_row(book, error, message):
    with pytest.raises(error, match=message):
        read_order_book(book, 2)
