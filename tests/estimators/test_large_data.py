"""Cases that need not fit in memory: memory maps, and records that are decoded beside the training."""

import threading
import tracemalloc

import numpy as np
import pytest
from sklearn.base import BaseEstimator, TransformerMixin

from seqconv import SeqConvClassifier, SequenceSet
from seqconv.data import cases
from seqconv.data.checking import check_sequences
from seqconv.data.padding import pad_sequences
from seqconv.datasets import make_series
from seqconv.encoders import FCN

TINY = FCN(filters=(4,), kernel_sizes=(5,))


def tiny(**parameters):
    return SeqConvClassifier(**{"encoder": TINY, "epochs": 2, "random_state": 0} | parameters)


class Decoder(TransformerMixin, BaseEstimator):
    """Records are (start, values): the steps from there on."""

    threads = frozenset()

    def __init__(self, stream=False):
        self.stream = stream

    def fit(self, X, y=None):
        self.n_fitted_ = len(X)
        return self

    def transform(self, X):
        Decoder.threads |= {threading.get_ident()}
        Decoder.most = max(len(X), getattr(Decoder, "most", 0))
        for start, values in X:
            if start >= len(values):
                raise ValueError(f"the record of {len(values)} values must start before their end, got {start}.")
        return pad_sequences([values[start:, None] for start, values in X])


@pytest.fixture
def stored(tmp_path):
    """The same series in memory and in a map of the given type."""
    series = make_series(n_cases=230, n_steps=30, random_state=0)

    def stored(dtype):
        X = (100 * series.X).astype(dtype)
        path = tmp_path / "X.npy"
        np.save(path, X)
        return X, np.load(path, mmap_mode="r"), series.y

    return stored


def assert_same_fit(one, other, X, Y):
    for a, b in zip(one.model_.get_weights(), other.model_.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(one.predict_proba(X), other.predict_proba(Y))


@pytest.mark.parametrize("dtype", ["float32", "float64", "int16"])
def test_a_memory_map_gives_the_fit_that_the_array_gives(stored, dtype):
    X, mapped, y = stored(dtype)
    assert_same_fit(tiny().fit(X, y), tiny().fit(SequenceSet(mapped, y)), X, mapped)


def test_a_memory_map_of_two_dimensions_is_a_table(stored):
    X, mapped, y = stored("float32")
    mapped = mapped.reshape(len(mapped), -1)
    assert isinstance(mapped, np.memmap)
    assert_same_fit(tiny().fit(X[:, :, 0], y), tiny().fit(mapped, y), X[:, :, 0], mapped)


def test_a_memory_map_is_looked_through_without_a_copy(tmp_path, monkeypatch):
    monkeypatch.setattr(cases, "_BLOCK_BYTES", 1 << 19)
    path = tmp_path / "X.npy"
    np.save(path, np.ones((4096, 512, 4), np.float32))  # 32 MiB
    tracemalloc.start()
    try:
        X = check_sequences(np.load(path, mmap_mode="r"))
        cases.survey(cases.StoredCases(X, np.arange(1, len(X))))
        assert tracemalloc.get_traced_memory()[1] < 1 << 22
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("bad", [np.inf, np.nan])
def test_a_bad_case_of_a_memory_map_is_named(stored, bad, monkeypatch):
    X, _, y = stored("float32")
    monkeypatch.setattr(cases, "_BLOCK_BYTES", 10 * X[:1].nbytes)
    X[123] = bad
    mapped = X.view(np.memmap)
    with pytest.raises(ValueError, match="case 123"):
        tiny().fit(mapped, y)


@pytest.fixture
def records():
    series = make_series(n_cases=230, n_steps=30, random_state=0)
    rng = np.random.default_rng(0)
    return [(int(rng.integers(0, 9)), case[:, 0]) for case in series.X], series.y


def test_a_streaming_adapter_gives_the_fit_that_the_same_adapter_gives_in_memory(records):
    X, y = records
    in_memory = tiny(adapter=Decoder()).fit(X, y)
    streamed = tiny(adapter=Decoder(stream=True)).fit(X, y)
    assert_same_fit(in_memory, streamed, X, X)


def test_records_are_decoded_a_few_at_a_time_and_beside_the_training(records, monkeypatch):
    X, y = records
    monkeypatch.setattr(cases, "_BLOCK_RECORDS", 50)
    Decoder.threads, Decoder.most = frozenset(), 0
    tiny(adapter=Decoder(stream=True)).fit(X, y).predict(X)
    assert Decoder.most <= 50
    assert len(Decoder.threads) > 1


def test_a_bad_record_ends_a_streamed_fit_with_its_own_words(records):
    X, y = records
    X[200] = (99, X[200][1])
    with pytest.raises(ValueError, match="got 99"):
        tiny(adapter=Decoder(stream=True)).fit(X, y)


def test_a_bad_decoded_case_has_the_users_number(records):
    X, y = records
    X[200] = (0, np.full(7, np.nan, np.float32))
    with pytest.raises(ValueError, match="case 200"):
        tiny(adapter=Decoder(stream=True)).fit(X, y)
