"""One table of all exported adapters; every promise is asked of each."""

import copy
import pickle
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import pytest
from sklearn import config_context
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import estimator_checks, get_tags

import seqconv
from seqconv import SeqConvClassifier, SequenceSet, adapters, datasets
from seqconv.adapters import AudioAdapter, ECGAdapter, OrderBookAdapter, PriceAdapter, TextAdapter
from seqconv.data.case_errors import CaseError
from seqconv.data.recording import Recording
from seqconv.domains.base import Adapter
from seqconv.domains.finance.labels import smoothed_move
from seqconv.encoders import FCN
from seqconv.formats import read_prices


def messages():
    made = datasets.make_messages(24, random_state=0)
    return made.X, made.y


def clips():
    made = datasets.make_audio(24, n_classes=2, max_seconds=0.6, random_state=0)
    return made.X, made.y


def bars():
    cut = PriceAdapter(n_steps=8).cases(datasets.make_prices(2, 60, random_state=0))
    records = [record[len(record) - 25 - case % 4 :] for case, record in enumerate(cut.X)]  # of unequal lengths
    return records, cut.y


def books():
    rule = partial(smoothed_move, horizon_bars=5, threshold=1e-4)
    made = datasets.make_order_book(n_days=1, n_snapshots=120, n_levels=2, random_state=0)
    cut = OrderBookAdapter(n_steps=8, n_levels=2, context_steps=4).cases(made, label=rule)
    return cut.X[:40], cut.y[:40]


def heartbeats():
    made = datasets.make_heartbeats(n_patients=2, n_beats=20, random_state=0)
    return [beat[: 80 + number % 40] for number, beat in enumerate(made.X)], made.y


@dataclass(frozen=True)
class Asked:
    """A small adapter, what it is fed, and what it must refuse by the case's number."""

    adapter: object
    feed: object
    bad: object

    def __str__(self):
        return type(self.adapter).__name__


TABLE = [
    Asked(TextAdapter("word", n_dims=4), messages, None),
    Asked(AudioAdapter(8000, n_mels=8, normalize="learnt"), clips, np.zeros(0)),
    Asked(ECGAdapter(125), heartbeats, np.zeros(0)),
    Asked(PriceAdapter(n_steps=8, channels=["log_return", "average_5"]), bars, np.zeros(3)),
    Asked(OrderBookAdapter(n_steps=8, n_levels=2, context_steps=4), books, np.zeros(0)),
]
ask = pytest.mark.parametrize("asked", TABLE, ids=str)


def test_every_exported_adapter_is_asked():
    assert {type(asked.adapter).__name__ for asked in TABLE} == set(adapters.__all__)


LENGTHS = "records may be of any length, so that columns of a table are steps and no features"
OF_LENGTHS = dict.fromkeys(
    ("check_n_features_in", "check_n_features_in_after_fitting", "check_transformer_general"), LENGTHS
)
EXPECTED = {
    "AudioAdapter": OF_LENGTHS | {"check_estimators_dtypes": "whole numbers of 64 bits have no full scale"},
    "ECGAdapter": OF_LENGTHS,
}
# Checks without X, which scikit-learn runs only where X may be a table.
WITHOUT_X = (
    "check_estimator_tags_renamed",
    "check_valid_tag_types",
    "check_estimator_repr",
    "check_no_attributes_set_in_init",
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_mixin_order",
    "check_parameters_default_constructible",
    "check_get_params_invariance",
    "check_set_params",
    "check_estimators_unfitted",
    "check_transformers_unfitted",
    "check_transformer_n_iter",
)


class Rows:
    """Take each row of a table as a record of the domain, so that all checks can be run."""

    array_dims = (2,)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.no_validation = True  # of tables, which the adapter itself never sees
        tags.transformer_tags.preserves_dtype = []
        return tags

    def _check_records(self, X):
        return super()._check_records([self.record_of(row) for row in np.asarray(X, float)])


class TextRows(Rows, TextAdapter):
    @staticmethod
    def record_of(row):
        return " ".join(f"w{value:.3f}" for value in row)


class PriceRows(Rows, PriceAdapter):
    @staticmethod
    def record_of(row):
        close = np.exp(np.abs(row) % 1)
        days = np.datetime64("2020-01-01") + np.arange(len(row))
        frame = {"date": days, "open": close, "high": close, "low": close, "close": close, "volume": np.ones(len(row))}
        return read_prices(pd.DataFrame(frame))


class OrderBookRows(Rows, OrderBookAdapter):
    @staticmethod
    def record_of(row):
        middle = 100 + np.abs(row) % 1
        return np.stack([middle + 0.5, 1 + middle, middle - 0.5, 2 + middle], axis=1)


@ask
@pytest.mark.filterwarnings("ignore")
def test_scikit_learns_own_checks(asked):
    name = type(asked.adapter).__name__
    results = estimator_checks.check_estimator(
        asked.adapter, on_fail=None, on_skip=None, expected_failed_checks=EXPECTED.get(name, {})
    )
    assert [result["check_name"] for result in results if result["status"] == "failed"] == []
    expected = {result["check_name"] for result in results if result["status"] == "xfail"}
    assert expected == set(EXPECTED.get(name, {}))
    assert len(results) >= (46 if name in EXPECTED else 1)


@ask
@pytest.mark.filterwarnings("ignore")
def test_scikit_learns_checks_without_x(asked):
    for name in WITHOUT_X:
        getattr(estimator_checks, name)(type(asked.adapter).__name__, clone(asked.adapter))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("adapter", [TextRows("word"), PriceRows(), OrderBookRows(n_levels=1)], ids=repr)
def test_scikit_learns_checks_of_tables_whose_rows_are_made_records(adapter):
    results = estimator_checks.check_estimator(adapter, on_fail=None, on_skip=None, expected_failed_checks=OF_LENGTHS)
    failed = [(result["check_name"], result["exception"]) for result in results if result["status"] == "failed"]
    assert failed == []
    assert len(results) >= 38


@ask
def test_the_tags_say_what_records_are(asked):
    tags = get_tags(asked.adapter).input_tags
    assert tags.string and not (tags.sparse or tags.dict or tags.categorical or tags.pairwise or tags.positive_only)
    X = {2: np.ones((4, 64), np.float32), 3: np.full((4, 64, 8), 2, np.float32) ** np.array([2, 1, 1, 1, 3, 1, 0, 1])}
    for n_dims, takes in ((2, tags.two_d_array), (3, tags.three_d_array)):
        if takes:
            assert len(clone(asked.adapter).fit(X[n_dims]).transform(X[n_dims])) == 4
        else:
            with pytest.raises((TypeError, ValueError)):
                clone(asked.adapter).fit(X[n_dims])
    holed = X[2].copy()
    holed[:, 3] = np.nan
    if tags.two_d_array and not tags.allow_nan:
        with pytest.raises(ValueError, match="NaN"):
            clone(asked.adapter).fit(holed)
    elif tags.two_d_array:
        assert np.isnan(clone(asked.adapter).fit_transform(holed)).any()


@ask
def test_an_adapter_says_what_it_makes(asked):
    X, _ = asked.feed()
    adapter = clone(asked.adapter).fit(X)
    assert isinstance(adapter, Adapter)
    assert adapter.transform(X).dtype == {"series": np.float32, "tokens": np.int32}[adapter.makes]
    if adapter.makes == "tokens":
        assert adapter.n_tokens_ > adapter.transform(X).max() and adapter.n_dims_ == adapter.n_dims
        assert adapter.vectors_ is None and adapter.vectors_mode == "trained" and 0 <= adapter.piece_dropout < 1


@ask
def test_the_number_of_a_bad_case_is_data_of_its_error(asked):
    X, _ = asked.feed()
    with pytest.raises((ValueError, TypeError)) as found:
        clone(asked.adapter).fit([*X[:5], asked.bad, *X[5:]])
    assert isinstance(found.value, CaseError) and found.value.case == 5 and "case 5" in str(found.value)


def arrays_of(case):
    """The steps of a case that hold anything."""
    real = case != 0 if case.dtype.kind == "i" else ~np.isnan(case)
    real = real.reshape(len(case), -1).any(axis=1)
    return case[: np.flatnonzero(real)[-1] + 1]


@ask
def test_a_record_alone_is_what_it_is_among_others_in_any_order(asked):
    X, _ = asked.feed()
    adapter = clone(asked.adapter).fit(X)
    together = adapter.transform(X)
    assert len(together) == len(X)
    turned = adapter.transform(X[::-1])[::-1]
    for record, case, other in zip(X, together, turned, strict=True):
        alone = adapter.transform([record])[0]
        np.testing.assert_array_equal(arrays_of(alone), arrays_of(case))
        np.testing.assert_array_equal(arrays_of(other), arrays_of(case))


@ask
def test_only_what_fit_was_given_is_learnt(asked):
    X, _ = asked.feed()
    one = clone(asked.adapter).fit(X[:10])
    other = clone(asked.adapter).fit(X[:10])
    other.transform(X[10:])
    for kind, (left, right) in zip(
        ("state", "arrays"), zip(one.get_state(), other.get_state(), strict=True), strict=True
    ):
        np.testing.assert_equal(left, right, err_msg=kind)


@ask
def test_a_state_makes_the_fitted_adapter_again(asked):
    X, _ = asked.feed()
    adapter = clone(asked.adapter).fit(X)
    again = clone(asked.adapter).set_state(*adapter.get_state())
    np.testing.assert_array_equal(again.transform(X), adapter.transform(X))
    for copied in (pickle.loads(pickle.dumps(adapter)), copy.deepcopy(adapter)):
        np.testing.assert_array_equal(copied.transform(X), adapter.transform(X))


@ask
@pytest.mark.parametrize(
    "state", [{}, [], None, {"channels": None}, {"n_channels": 10**9}, {"vocabulary": [1], "n_dims": 4}]
)
def test_a_state_that_no_fit_leaves_is_refused(asked, state):
    with pytest.raises(ValueError):
        clone(asked.adapter).set_state(state, {})


@ask
def test_every_step_has_its_place_in_the_record(asked):
    X, _ = asked.feed()
    adapter = clone(asked.adapter).fit(X)
    for spans, case in zip(adapter.locate(X), adapter.transform(X), strict=True):
        assert spans.shape == (len(arrays_of(case)), 2)
        assert (spans[:, 0] <= spans[:, 1]).all()
        assert (spans[1:, 0] >= spans[:-1, 0]).all()


@ask
def test_a_bad_record_is_named_by_its_number(asked):
    X, _ = asked.feed()
    adapter = clone(asked.adapter).fit(X)
    bad = [*X[:5], asked.bad, *X[5:]]
    for refuse in (adapter.check, adapter.transform, clone(adapter).fit):
        with pytest.raises((ValueError, TypeError), match="case 5"):
            refuse(bad)
    with pytest.raises((ValueError, TypeError)):
        adapter.check([])


def unreadable(record):
    """A record that shows what is wrong with it only when it is read."""
    if getattr(getattr(record, "dtype", None), "names", None):
        record = record.copy()
        record[next(name for name in ("high", "ask_price") if name in record.dtype.names)] = 0
        return record
    return Recording(np.zeros((300, 1)), 125, ["II"], name="flat")


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("asked", [asked for asked in TABLE if asked.feed in (bars, books, heartbeats)], ids=str)
def test_a_record_that_cannot_be_decoded_has_the_users_number_in_fit_and_predict(asked, stream):
    X, y = asked.feed()
    X, y = [X[i % len(X)] for i in range(240)], np.array(["a", "b"] * 120)
    classifier = SeqConvClassifier(
        FCN(filters=(4,), kernel_sizes=(3,)),
        adapter=clone(asked.adapter).set_params(stream=stream),
        epochs=1,
        validation_by="case",  # by time, cases that overlap the last ones are not read
        random_state=0,
    ).fit(X, y)
    X[187] = unreadable(X[187])
    with pytest.raises(ValueError, match="^case 187"):
        classifier.predict(X)
    with pytest.raises(ValueError, match="^case 187"):
        clone(classifier).fit(X, y)


@ask
def test_before_fit_nothing_is_transformed(asked):
    X, _ = asked.feed()
    with pytest.raises(NotFittedError):
        clone(asked.adapter).transform(X)


@ask
def test_neither_the_records_nor_the_random_state_are_touched(asked):
    X, _ = asked.feed()
    before, state = copy.deepcopy(X), np.random.get_state()[1].copy()
    adapter = clone(asked.adapter)
    adapter.fit_transform(X)
    adapter.locate(X)
    np.testing.assert_equal(list(X), list(before))
    np.testing.assert_array_equal(np.random.get_state()[1], state)


@ask
def test_an_estimator_fits_saves_and_loads_with_it(asked, tmp_path):
    X, y = asked.feed()
    classifier = SeqConvClassifier(
        FCN(filters=(4,), kernel_sizes=(3,)), adapter=asked.adapter, epochs=1, random_state=0
    )
    classifier.fit(SequenceSet(X, y))
    assert not hasattr(asked.adapter, "n_channels_") and not hasattr(asked.adapter, "channels_")
    classifier.save(tmp_path / "model")
    loaded = seqconv.load(tmp_path / "model")
    np.testing.assert_allclose(loaded.predict_proba(X), classifier.predict_proba(X), atol=1e-6)


@ask
def test_neighbours_in_a_pipeline_change_no_record(asked):
    X, _ = asked.feed()
    pipeline = make_pipeline(FunctionTransformer(), clone(asked.adapter)).fit(X)
    np.testing.assert_array_equal(pipeline.transform(X), clone(asked.adapter).fit_transform(X))
    assert clone(pipeline)[-1].get_params() == asked.adapter.get_params()


@ask
def test_no_names_of_features_are_claimed_and_output_stays_an_array(asked):
    X, _ = asked.feed()
    assert not hasattr(asked.adapter, "set_output") and not hasattr(asked.adapter, "get_feature_names_out")
    with config_context(transform_output="pandas"):
        assert isinstance(clone(asked.adapter).fit_transform(X), np.ndarray)
