"""Order books as data sets come: FI-2010, LOBSTER's pairs of files, and books joined end to end."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from seqconv.adapters import OrderBookAdapter
from seqconv.datasets import make_order_book
from seqconv.domains.finance.given_labels import GivenLabels
from seqconv.domains.finance.labels import smoothed_move
from seqconv.formats import read_order_book

RULE = partial(smoothed_move, horizon_bars=10)


def book(price, n=120, n_levels=10, seed=0):
    """Numbers of a book in the order of LOBSTER."""
    draw = np.random.default_rng(seed)
    mid = price + np.cumsum(draw.normal(0, 0.002, n))
    out = np.empty((n, 4 * n_levels))
    for level in range(n_levels):
        out[:, 4 * level] = np.round(mid + 0.01 * (level + 1), 2)
        out[:, 4 * level + 2] = np.round(mid - 0.01 * (level + 1), 2)
        out[:, 4 * level + 1], out[:, 4 * level + 3] = draw.integers(1, 500, (2, n))
    return out


def fi_2010(*books, labels=None):
    """The 149 rows of FI-2010: levels, other features, labels for five horizons."""
    values = np.vstack(books)
    if labels is None:
        labels = np.tile(np.arange(len(values)) % 3 + 1, (5, 1))
    return np.vstack([values.T, np.zeros((104, len(values))), labels])


# FI-2010


def test_arrays_of_fi_2010_are_read_in_both_directions(tmp_path):
    values = book(100)
    rows = fi_2010(values)
    np.savetxt(tmp_path / "Train_Dst_NoAuction_DecPre_CF_7.txt", rows, "%.7e")
    expected = read_order_book(values)[0].snapshots
    for source in (rows, rows.T, tmp_path / "Train_Dst_NoAuction_DecPre_CF_7.txt", rows.astype(np.float32)):
        (session,) = read_order_book(source)
        assert session.labels.shape == (120, 5)
        np.testing.assert_allclose(session.snapshots["ask_price"], expected["ask_price"], rtol=1e-6)
        np.testing.assert_allclose(session.snapshots["bid_size"], expected["bid_size"])
    adapter = OrderBookAdapter(n_steps=20, context_steps=5).fit([values])
    for source in (rows, rows.T):
        assert len(adapter.cases([source], label=RULE)) == len(adapter.cases([values], label=RULE))
        np.testing.assert_array_equal(adapter.transform([source]), adapter.transform([values]))
    # As many snapshots as rows: the labels tell which is which.
    square = fi_2010(book(100, 149))
    np.testing.assert_array_equal(read_order_book(square)[0].snapshots, read_order_book(square.T)[0].snapshots)


def test_given_labels_of_fi_2010_are_taken_by_their_horizon():
    numbers = np.stack([np.full(120, 1 + number % 3) for number in range(5)])
    numbers[3, :60] = 3
    adapter = OrderBookAdapter(n_steps=20, context_steps=5)
    for horizon, names in ((10, {"up"}), (20, {"none"}), (30, {"down"}), (50, {"up", "down"}), (100, None)):
        if names is None:
            with pytest.raises(ValueError, match="no session is long enough"):
                adapter.cases([fi_2010(book(100), labels=numbers)], label=GivenLabels(horizon))
            continue
        cases = adapter.cases([fi_2010(book(100), labels=numbers)], label=GivenLabels(horizon))
        assert set(cases.y) == names and len(cases) == 120 - 23 - horizon
        assert (cases.about["label_stop"] == cases.about["stop"] + horizon).all()
    with pytest.raises(ValueError, match=r"horizon_bars of FI-2010 must be out of \(10, 20, 30, 50, 100\), got 5"):
        adapter.cases([fi_2010(book(100))], label=GivenLabels(5))
    with pytest.raises(ValueError, match="record 0: the order book must hold labels, it has none"):
        adapter.cases([book(100)], label=GivenLabels(10))


def test_given_labels_of_a_column_are_taken_by_name(tmp_path):
    table = make_order_book(1, 60, 2).X[0].assign(move=["rise", "fall"] * 30, sign=[1, -1] * 30)
    table.to_csv(tmp_path / "book.csv", index=False)
    adapter = OrderBookAdapter(n_steps=5, n_levels=2, channels=["spread"])
    for source in (table, tmp_path / "book.csv"):
        cases = adapter.cases([source], label=GivenLabels(3, "move"))
        assert cases.y[:2].tolist() == ["rise", "fall"] and len(cases) == 60 - 4 - 3
    assert set(adapter.cases([table], label=GivenLabels(3, "sign", {1: "up", -1: "down"})).y) == {"up", "down"}
    with pytest.raises(ValueError, match="must have the column 'moves' of labels"):
        adapter.cases([table], label=GivenLabels(3, "moves"))
    with pytest.raises(ValueError, match="names must have each label, got -1 and names of 1"):
        adapter.cases([table], label=GivenLabels(3, "sign", {1: "up"}))


# Joins


@pytest.mark.parametrize(
    ("second", "jump"),
    [(book(25), "from 100.01 to 25"), (book(103, seed=1), "to 103"), (book(2.5), "to 2.5"), (book(98), "to 98")],
)
@pytest.mark.parametrize("form", [lambda values: values, fi_2010, lambda values: fi_2010(values).T])
def test_books_of_two_stocks_end_to_end_are_cut_with_a_warning(second, jump, form):
    adapter = OrderBookAdapter(n_steps=20)
    joined = form(np.vstack([book(100), second]))
    with pytest.warns(
        UserWarning, match="row 120 of the book: the mid-price jumps from .* to .*Give session_starts"
    ) as told:
        cases = adapter.cases([joined], label=RULE)
    assert len(told) == 1 and told[0].filename == __file__
    rows = np.array([case["row"][[0, -1]] for case in cases.X])
    assert ((rows < 120).all(axis=1) | (rows >= 120).all(axis=1)).all()
    assert (cases.about["label_stop"][cases.about["stop"] <= 120] <= 120).all()
    assert cases.about["outcome"].abs().max() < 0.01
    X = adapter.fit(cases.X).transform(cases.X)
    assert np.abs(X[..., adapter.channels_.index("mid_return")]).max() < 100
    with pytest.warns(UserWarning, match="the mid-price jumps"):
        last = adapter.transform([joined])
    np.testing.assert_array_equal(last, adapter.transform([form(second)]))


def test_several_joins_make_several_sessions():
    parts = [book(100, 60), book(25, 70), book(26, 80), book(100, 50)]
    with pytest.warns(UserWarning, match=r"row 60 of the book: .*\(3 such rows\)"):
        sessions = read_order_book(np.vstack(parts))
    assert [len(session.snapshots) for session in sessions] == [60, 70, 80, 50]


def test_session_starts_are_the_users_word(recwarn):
    joined = np.vstack([book(100), book(100, seed=2), book(25)])
    adapter = OrderBookAdapter(n_steps=20, context_steps=5)
    n_each = 120 - 23 - 10
    cases = adapter.cases([joined], label=RULE, session_starts=[120, 240])
    assert len(cases) == 3 * n_each and not any({119, 120} <= {*case["row"]} for case in cases.X)
    assert len(adapter.cases([joined, joined], label=RULE, session_starts=[[120, 240], [0, 120, 240]])) == 6 * n_each
    assert len(adapter.cases([joined], label=RULE, session_starts=[])) == 360 - 23 - 10  # no session begins within
    labels = adapter.cases([fi_2010(joined)], label=GivenLabels(10), session_starts=[120, 240])
    assert (labels.about["label_stop"][labels.about["stop"] <= 120] <= 120).all()
    assert [len(one.snapshots) for one in read_order_book(joined, session_starts=[120, 240])] == [120, 120, 120]
    assert not recwarn
    for starts, message in (
        ([999], "rows of the book, from 0 to 359"),
        ([[1], [2]], "one list of rows a record, 1 in"),
    ):
        with pytest.raises(ValueError, match=message):
            adapter.cases([joined], label=RULE, session_starts=starts)


def test_moves_of_a_market_are_no_joins(recwarn):
    for tick, price in ((0.01, 1.0), (0.01, 100.0), (1.0, 20.0)):
        draw = np.random.default_rng(0)
        mid = price + tick * np.cumsum(draw.choice([-3, -1, 0, 1, 3], 400)).clip(-price / tick / 3, price / tick / 3)
        values = np.stack([mid + tick / 2, np.ones(400), mid - tick / 2, np.ones(400)], axis=1)
        assert len(read_order_book(values, 1)) == 1
    table = make_order_book(1, 200, 1).X[0]
    table.loc[100:, ["ask_price_1", "bid_price_1"]] *= 1.1  # it says that it is one instrument
    assert len(read_order_book(table, 1)) == 1 and not recwarn


# LOBSTER


def lobster(folder, times, types=None, values=None, name="AAPL_2012-06-21_34200000_57600000_{}_10.csv"):
    values = book(100, len(times)) if values is None else values
    values = values.copy()
    values[:, ::2] = np.round(values[:, ::2] * 10_000)
    messages = np.stack([times, np.ones(len(times)) if types is None else types, *np.ones((4, len(times)))], axis=1)
    paths = folder / name.format("message"), folder / name.format("orderbook")
    pd.DataFrame(messages).to_csv(paths[0], header=False, index=False)
    pd.DataFrame(values.astype(int)).to_csv(paths[1], header=False, index=False)
    return paths


def test_a_pair_of_lobster_is_read_with_its_times(tmp_path):
    times = 34200 + np.repeat(np.arange(60) / 8, 2)  # several events at one time
    times[80:] += 3600
    message, orderbook = lobster(tmp_path, times)
    adapter = OrderBookAdapter(n_steps=10, context_steps=5)
    for record in (orderbook, (message, orderbook), [orderbook, message], str(orderbook)):
        sessions = read_order_book(record)
        assert [len(session.snapshots) for session in sessions] == [80, 40]
        assert {(session.instrument, session.day) for session in sessions} == {("AAPL", "2012-06-21")}
        cases = adapter.cases([record], label=RULE)
        assert set(cases.groups) == {"AAPL 2012-06-21"} and not any({79, 80} <= {*case["row"]} for case in cases.X)
    plain = adapter.cases([book(100)], label=RULE, session_starts=[80])
    np.testing.assert_allclose(
        adapter.fit(plain.X).transform(cases.X), adapter.transform(plain.X), rtol=1e-4, atol=1e-3
    )


def test_trading_halts_of_lobster_end_a_session(tmp_path):
    types = np.ones(120)
    types[[50, 70]] = 7
    _, orderbook = lobster(tmp_path, 34200 + np.arange(120.0), types)
    sizes = [len(session.snapshots) for session in read_order_book(orderbook)]
    assert sizes == [50, 1, 19, 1, 49]


def test_a_lobster_book_alone_is_one_session(tmp_path):
    message, orderbook = lobster(tmp_path, 34200 + np.arange(60.0))
    message.unlink()
    (session,) = read_order_book(orderbook)
    assert (session.instrument, len(session.snapshots)) == ("AAPL", 60)
    other = lobster(tmp_path, 34200 + np.arange(60.0), name="b-{}.csv")
    assert read_order_book(other)[0].instrument is None


def test_pairs_that_cannot_be_right_are_refused(tmp_path):
    message, orderbook = lobster(tmp_path, 34200 + np.arange(60.0))
    message.write_text(message.read_text().split("\n", 1)[1])
    with pytest.raises(ValueError, match="must have one snapshot a message, 59 in .*message_10.csv, got 60"):
        read_order_book(orderbook)
    message, orderbook = lobster(tmp_path, 34200 - np.arange(60.0))
    with pytest.raises(ValueError, match="row 1 of the book: time must not go back"):
        read_order_book(orderbook)
    orderbook.write_text(orderbook.read_text().replace("\n", ",1\n", 1))
    with pytest.raises(ValueError, match="orderbook_10.csv must be a table of numbers: .*changed from 41 to 40"):
        read_order_book(orderbook)


def test_days_are_those_of_the_exchange_and_times_are_instants():
    times = pd.date_range("2024-11-02 23:00", periods=60, freq="6min", tz="America/New_York")  # the clock goes back
    table = make_order_book(1, 60, 1).X[0].drop(columns="day").assign(time=times)
    sessions = read_order_book(table, 1)
    assert [(session.day, len(session.snapshots)) for session in sessions] == [("2024-11-02", 10), ("2024-11-03", 50)]
