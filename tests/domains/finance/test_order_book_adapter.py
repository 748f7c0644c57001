"""Promises of OrderBookAdapter: causal channels, windows within one day and instrument, errors by case."""

import json
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

import seqconv
from seqconv.adapters import OrderBookAdapter
from seqconv.datasets import make_order_book
from seqconv.domains.finance.book_channels import KINDS, book_channels, channel_names, context_snapshots
from seqconv.domains.finance.labels import smoothed_move
from seqconv.encoders import FCN
from seqconv.formats import read_order_book

BOOKS = make_order_book(n_days=3, n_snapshots=120, n_levels=3)
RULE = partial(smoothed_move, horizon_bars=5, threshold=1e-4)


def fitted(n_steps=10, channels=KINDS, context_steps=20, n_levels=3):
    return OrderBookAdapter(n_steps, n_levels, channels, context_steps).fit(BOOKS.X)


def plain(table):
    """The columns as an array in the order of LOBSTER."""
    names = [f"{side}_{what}_{i}" for i in (1, 2, 3) for side in ("ask", "bid") for what in ("price", "size")]
    return table[names].to_numpy(float, copy=True)


def test_every_channel_is_what_a_slow_reading_gives():
    table = BOOKS.X[0][:30]
    snapshots = read_order_book(table, 3)[0].snapshots
    found = pd.DataFrame(book_channels(snapshots[None], KINDS, 6)[0].astype(float), columns=channel_names(KINDS, 3))
    mid = (table["ask_price_1"] + table["bid_price_1"]) / 2
    usual = plain(table)[:, 1::2].mean(axis=1)
    for t in range(30):
        assert found["spread"][t] == pytest.approx(1e4 * (table["ask_price_1"][t] - table["bid_price_1"][t]) / mid[t])
        if t:
            assert found["mid_return"][t] == pytest.approx(1e4 * np.log(mid[t] / mid[t - 1]), abs=1e-5)
        for i in (1, 2, 3):
            ask, bid = table[f"ask_size_{i}"][t], table[f"bid_size_{i}"][t]
            assert found[f"imbalance_{i}"][t] == pytest.approx((bid - ask) / (bid + ask), abs=1e-6)
            for side, size in (("ask", ask), ("bid", bid)):
                price = table[f"{side}_price_{i}"][t]
                assert found[f"{side}_price_{i}"][t] == pytest.approx(1e4 * (price / mid[t] - 1), rel=1e-4)
                expected = np.log1p(size / usual[t - 5 : t + 1].mean()) if t >= 5 else np.nan
                assert found[f"{side}_size_{i}"][t] == pytest.approx(expected, rel=1e-5, nan_ok=True)
    assert np.isnan(found["mid_return"][0]) and context_snapshots(KINDS, 6) == 5


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=25)
@given(t=st.integers(0, 38), seed=st.integers(0, 99))
def test_no_look_ahead_in_any_channel(kind, t, seed):
    snapshots = read_order_book(BOOKS.X[0][:40], 3)[0].snapshots
    before = book_channels(snapshots[None], [kind], 6)[0, : t + 1].tobytes()
    changed = snapshots.copy()
    draw = np.random.default_rng(seed)
    for name in ("ask_price", "ask_size", "bid_price", "bid_size"):
        changed[name][t + 1 :] *= np.exp(draw.normal(size=(39 - t, 3)))
    after = book_channels(changed[None], [kind], 6)[0]
    assert after[: t + 1].tobytes() == before
    assert after[t + 1 :].tobytes() != book_channels(snapshots[None], [kind], 6)[0, t + 1 :].tobytes()


def test_changing_every_snapshot_after_a_case_ends_changes_nothing_in_the_case():
    adapter = fitted()
    changed = [table.copy() for table in BOOKS.X]
    for table in changed:
        table.loc[80:, [name for name in table if "price" in name]] *= 1.1
        table.loc[80:, [name for name in table if "size" in name]] += 7
    old, new = (adapter.cases(books, label=None) for books in (BOOKS, changed))
    rows = np.flatnonzero(old.about["stop"] <= 80)
    assert adapter.transform(old[rows].X).tobytes() == adapter.transform(new[rows].X).tobytes()
    assert adapter.transform(old.X).tobytes() != adapter.transform(new.X).tobytes()


def test_no_window_context_or_label_crosses_a_day_or_an_instrument():
    table = pd.concat([BOOKS.X[0], BOOKS.X[1], BOOKS.X[0].assign(instrument="OTHER")], ignore_index=True)
    table = table.sample(frac=1, random_state=0).sort_index(kind="stable")
    adapter = fitted()
    cases = adapter.cases([table], label=RULE)
    keys = list(zip(table["instrument"], table["day"], strict=True))
    for case, row in zip(cases.X, cases.about.itertuples(), strict=True):
        assert {keys[i] for i in case["row"]} == {(row.instrument, row.day)} == {keys[row.label_stop - 1]}
        assert case["row"][-1] + 1 == row.stop and case["row"][-10] == row.start and row.label_stop == row.stop + 5
    assert len(cases) == 3 * (120 - 28 - 5) and len(set(cases.groups)) == 3
    # Each session gives the cases that it gives alone.
    alone = adapter.cases([BOOKS.X[1]], label=RULE)
    same = (cases.about["day"] == BOOKS.groups[1]).to_numpy()
    assert adapter.transform(cases[same].X).tobytes() == adapter.transform(alone.X).tobytes()
    assert cases[same].y.tolist() == alone.y.tolist() and set(alone.groups) == {f"MADE {BOOKS.groups[1]}"}


def test_windows_are_views_and_labels_are_those_of_the_rule():
    cases = fitted().cases(BOOKS, label=RULE)
    table = BOOKS.X[0]
    labels = RULE(((table["ask_price_1"] + table["bid_price_1"]) / 2).to_numpy())
    first = cases.about["record"].to_numpy() == 0
    last = cases.about["stop"].to_numpy()[first] - 1
    assert cases.y[first].tolist() == labels.label[last].tolist() and set(cases.y) == {"up", "down", "none"}
    np.testing.assert_array_equal(cases.about["outcome"][first], labels.outcome[last])
    assert all(case.base is not None for case in cases.X)
    assert len(fitted().cases(BOOKS, label=RULE, dead_zone="drop")) == (cases.y != "none").sum()
    assert len(fitted().cases(BOOKS, label=None, stride_steps=10)) == 3 * 10


def test_made_up_books_have_every_label_by_default():
    labels, counts = np.unique(OrderBookAdapter(n_levels=5).cases(make_order_book(2)).y, return_counts=True)
    assert labels.tolist() == ["down", "none", "up"] and counts.min() > 100


def test_arrays_frames_and_windows_give_the_same_and_one_alone_the_same_as_among_others():
    adapter = fitted()
    table = BOOKS.X[0]
    window = adapter.cases([table], label=None).X[-1]
    records = [plain(table), table, window, table[-5:], plain(table)[:12]]
    together = adapter.transform(records)
    assert together.shape == (5, 10, len(adapter.channels_)) and together.dtype == np.float32
    np.testing.assert_array_equal(together[0], together[1])
    np.testing.assert_array_equal(together[0], together[2])
    for record, row in zip(records, together, strict=True):
        alone = adapter.transform([record])[0]
        assert alone.tobytes() == row[: len(alone)].tobytes() and np.isnan(row[len(alone) :]).all()
    assert adapter.cases([plain(table)], label=None).groups[0] == "record 0"


def test_an_empty_level_is_not_observed_and_leaves_the_others_alone():
    book = plain(BOOKS.X[0])
    book[:, 8:12] = [9_999_999_999, 0, -9_999_999_999, 0]
    X = fitted().transform([book])
    empty = [name.endswith("_3") for name in fitted().channels_]
    assert np.isnan(X[0, :, empty]).all() and np.isfinite(X[0, :, ~np.array(empty)]).all()


def test_locate_gives_rows():
    adapter = fitted()
    case = adapter.cases(BOOKS, label=None)[-1].X[0]
    assert adapter.locate([case, plain(BOOKS.X[0])[:3]])[0].tolist() == [[i, i + 1] for i in range(110, 120)]
    assert adapter.locate([plain(BOOKS.X[0])[:3]])[0].tolist() == [[0, 1], [1, 2], [2, 3]]


def test_bad_records_are_skipped_with_one_warning_and_refused_by_case_otherwise():
    crossed = BOOKS.X[1].assign(bid_price_1=200.0)
    with pytest.warns(
        UserWarning, match="1 of 2 sessions were left out: record 1: row 0 of the book: the best bid"
    ) as told:
        cases = fitted().cases([BOOKS.X[0], crossed], label=RULE, errors="skip")
    assert set(cases.about["record"]) == {0} and told[0].filename == __file__
    ((name, error),) = cases.about.attrs["skipped"]
    assert name == "record 1" and error.startswith("record 1: row 0 of the book: the best bid")
    with pytest.raises(ValueError, match="record 1: row 0 of the book"):
        fitted().cases([BOOKS.X[0], crossed], label=RULE)
    with pytest.raises(ValueError, match="case 1: row 0 of the book: the best bid"):
        fitted().transform([BOOKS.X[0], crossed])
    window = fitted().cases(BOOKS, label=None).X[3].copy()
    window["ask_size"][-1, 0] = -1
    with pytest.raises(ValueError, match="case 1, row 31 of the book: ask sizes"):
        fitted().transform([BOOKS.X[0], window])
    with pytest.raises(ValueError, match="no session is long enough"):
        fitted().cases([BOOKS.X[0][:20]])


def test_one_bad_snapshot_costs_its_session_alone():
    table = pd.concat([*BOOKS.X, BOOKS.X[1].assign(instrument="OTHER")], ignore_index=True)
    table.loc[125, "bid_price_1"] = 200.0
    day = BOOKS.groups[1]
    message = f"1 of 5 sessions were left out: record 0, MADE on {day}: row 125 of the book: the best bid"
    with pytest.warns(UserWarning, match=message):
        cases = fitted().cases([table, BOOKS.X[0]], label=RULE, errors="skip")
    assert set(cases.groups) == {f"MADE {BOOKS.groups[0]}", f"MADE {BOOKS.groups[2]}", f"OTHER {day}"}
    with pytest.raises(ValueError, match=f"record 0, MADE on {day}: row 125 of the book"):
        fitted().cases([table], label=RULE)
    with pytest.warns(UserWarning, match="1 of 5 sessions were left out: record 1: .*ask_price_1"):
        fitted().cases([BOOKS.X[0], BOOKS.X[0][["day"]], *BOOKS.X], label=RULE, errors="skip")


def test_no_window_crosses_a_gap():
    seconds = np.arange(120.0)
    seconds[60:] += 5400  # over lunch
    table = BOOKS.X[0].assign(time=seconds)
    cases = fitted().cases([table], label=RULE)
    assert len(cases) == 2 * (60 - 28 - 5)
    assert all((case["row"] < 60).all() or (case["row"] >= 60).all() for case in cases.X)
    assert (cases.about["label_stop"][cases.about["stop"] <= 60] <= 60).all()
    with pytest.raises(ValueError, match="case 1: .* got a gap of more than 1800 s in MADE on .*; use cases"):
        fitted().transform([BOOKS.X[0], table])
    patient = OrderBookAdapter(10, 3, KINDS, 20, max_gap_seconds=None).fit(BOOKS.X)
    assert len(patient.cases([table], label=RULE)) == 120 - 28 - 5
    np.testing.assert_array_equal(patient.transform([table]), fitted().transform([BOOKS.X[0]]))


def test_a_file_is_the_frame_it_was_written_from(tmp_path):
    path = tmp_path / "book.csv"
    pd.concat(BOOKS.X).to_csv(path, index=False)
    adapter = fitted()
    from_file, from_frames = (adapter.cases(records, label=RULE) for records in ([path], BOOKS))
    np.testing.assert_array_equal(adapter.transform(from_file.X), adapter.transform(from_frames.X))
    assert from_file.y.tolist() == from_frames.y.tolist() and from_file.groups.tolist() == from_frames.groups.tolist()
    BOOKS.X[0].to_csv(path, index=False)
    assert adapter.check([path]) == [str(path)]
    np.testing.assert_array_equal(adapter.transform([path]), adapter.transform(BOOKS.X[:1]))
    with pytest.raises(FileNotFoundError, match="case 1: .* that exists, got 'gone.csv'"):
        adapter.transform([path, "gone.csv"])
    path.write_text(path.read_text().replace("\nMADE,2012-01-02,", "\nMADE,2012-01-02,-", 1))
    with pytest.raises(ValueError, match=r"case 0: .*book.csv, line 2: ask prices must be above 0"):
        adapter.transform([path])
    with pytest.warns(UserWarning, match="record 0: .*book.csv, line 2"):
        adapter.cases([path, BOOKS.X[0]], errors="skip")


def test_a_fit_that_transforms_batch_by_batch_is_the_fit_in_memory():
    cases = fitted().cases(BOOKS, label=RULE, stride_steps=3)

    def probabilities(stream):
        adapter = OrderBookAdapter(10, 3, context_steps=20, stream=stream)
        model = seqconv.SeqConvClassifier(FCN(filters=(4, 4, 4)), adapter=adapter, epochs=2, random_state=0)
        return model.fit(cases.X, cases.y).predict_proba(cases.X)

    np.testing.assert_allclose(probabilities(True), probabilities(False), atol=1e-5)


@pytest.mark.parametrize(
    "X, error, message",
    [
        (BOOKS.X[0], TypeError, "X must be a list of order books, got one DataFrame"),
        (np.zeros((3, 12)), TypeError, "X must be a list of order books, got one ndarray"),
        ([], ValueError, "X must be a list of order books, at least one"),
        ([BOOKS.X[0], None], TypeError, "case 1: .* got None"),
        ([BOOKS.X[0], BOOKS.X[0][:0]], ValueError, "case 1: .* got none; leave it out"),
        ([BOOKS.X[0], np.zeros((3, 7))], ValueError, r"case 1: .* got shape \(3, 7\)"),
        ([BOOKS.X[0], np.zeros((3, 8))], ValueError, r"case 1: .* n of 3 levels or more, got shape \(3, 8\)"),
    ],
)
def test_what_is_no_list_of_books_is_refused(X, error, message):
    for call in (fitted().transform, OrderBookAdapter(n_levels=3).fit, fitted().check):
        with pytest.raises(error, match=message):
            call(X)


def test_a_case_across_days_and_windows_of_other_levels_are_refused():
    with pytest.raises(ValueError, match="case 1: .* got MADE on 2012-01-02 and MADE on 2012-01-03; use cases"):
        fitted().transform([BOOKS.X[0], pd.concat(BOOKS.X[:2])])
    window = OrderBookAdapter(10, 2).cases(BOOKS, label=None).X[0]
    with pytest.raises(TypeError, match="case 0: snapshots must have 3 levels as the adapter"):
        fitted().transform([window])


@pytest.mark.parametrize(
    "parameters, message",
    [
        ({"n_steps": 0}, "n_steps must be a whole number from 1"),
        ({"n_levels": 1.5}, "n_levels must be a whole number"),
        ({"context_steps": True}, "context_steps must be a whole number"),
        ({"max_gap_seconds": 0}, "max_gap_seconds must be None or a number above 0, got 0"),
        ({"max_gap_seconds": "1h"}, "max_gap_seconds must be"),
        ({"stream": 2}, "stream must be True or False, got 2"),
        ({"channels": []}, "channels must be distinct names"),
        ({"channels": ["sizes", "sizes"]}, "channels must be distinct names"),
        ({"channels": ["sizes", "volume"]}, "channels must be out of"),
    ],
)
def test_parameters_are_refused_by_name(parameters, message):
    for call in (lambda a: a.fit(BOOKS.X), lambda a: a.cases(BOOKS), lambda a: a.set_state({"channels": []}, {})):
        with pytest.raises((ValueError, TypeError), match=message):
            call(OrderBookAdapter(**parameters))


def test_state_is_checked_and_unfitted_use_refused():
    adapter = fitted()
    state, arrays = adapter.get_state()
    copy = OrderBookAdapter(**json.loads(json.dumps(adapter.get_params()))).set_state(
        json.loads(json.dumps(state)), arrays
    )
    assert copy.transform(BOOKS.X).tobytes() == adapter.transform(BOOKS.X).tobytes()
    for forged in ({}, {"channels": ["spread"]}, state | {"more": 1}):
        with pytest.raises(ValueError, match="the state must be the channels of the adapter alone"):
            clone(adapter).set_state(forged, {})
    for call in (OrderBookAdapter().transform, OrderBookAdapter().locate):
        with pytest.raises(NotFittedError):
            call(BOOKS.X)


def test_an_estimator_owns_trains_saves_and_loads_it(tmp_path):
    adapter = OrderBookAdapter(10, 3, ["mid_return", "imbalance"])
    cases = adapter.cases(BOOKS, label=RULE, dead_zone="drop")
    model = seqconv.SeqConvClassifier(FCN(filters=(4, 4, 4)), adapter=adapter, epochs=1, random_state=0).fit(cases)
    model.save(tmp_path / "model")
    loaded = seqconv.load(tmp_path / "model")
    np.testing.assert_array_equal(loaded.predict_proba(cases.X[:9]), model.predict_proba(cases.X[:9]))
    np.testing.assert_array_equal(loaded.predict([BOOKS.X[0]]), model.predict([plain(BOOKS.X[0])]))
