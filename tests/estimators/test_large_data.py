"""Cases that need not fit in memory: memory maps, and records that are decoded while the network trains."""

import os
import subprocess
import sys
import threading
import tracemalloc

import numpy as np
import pytest
from sklearn.base import BaseEstimator, TransformerMixin

from seqconv import SeqConvClassifier, SequenceSet
from seqconv.adapters import TextAdapter
from seqconv.data import cases
from seqconv.data.padding import pad_sequences
from seqconv.datasets import make_messages, make_series
from seqconv.encoders import FCN
from seqconv.estimators import intake

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


@pytest.mark.parametrize("dtype", ["float32", "float64", "int16", "int32"])
def test_a_memory_map_gives_the_fit_that_the_array_gives(stored, dtype):
    X, mapped, y = stored(dtype)
    assert_same_fit(tiny().fit(X, y), tiny().fit(SequenceSet(mapped, y)), X, mapped)


@pytest.mark.parametrize("dtype", ["float32", "float64", "int16", "int32"])
def test_a_memory_map_of_two_dimensions_is_a_table(stored, dtype):
    X, mapped, y = stored(dtype)
    mapped = mapped.reshape(len(mapped), -1)
    assert isinstance(mapped, np.memmap)
    classifier = tiny().fit(mapped, y)
    assert classifier.n_features_in_ == 30
    assert_same_fit(tiny().fit(X[:, :, 0], y), classifier, X[:, :, 0], mapped)
    with pytest.raises(ValueError, match="29 features.* expecting 30"):
        classifier.predict(mapped[:, :29])


@pytest.mark.parametrize("n_dims", [2, 3])
def test_some_cases_of_a_memory_map_give_the_fit_that_their_array_gives(stored, n_dims):
    X, mapped, y = stored("int16")
    if n_dims == 2:
        X, mapped = X[:, :, 0], mapped.reshape(len(mapped), -1)
    rows = np.random.default_rng(0).permutation(len(X))[:210]
    some = SequenceSet(mapped, y)[rows]
    assert not isinstance(some.X, np.ndarray)
    classifier = tiny().fit(some)
    assert_same_fit(tiny().fit(X[rows], y[rows]), classifier, X[rows], some)


@pytest.mark.parametrize("n_dims", [2, 3])
def test_a_memory_map_is_looked_through_without_a_copy(tmp_path, monkeypatch, n_dims):
    monkeypatch.setattr(cases, "_BLOCK_BYTES", 1 << 19)
    path = tmp_path / "X.npy"
    np.save(path, np.ones((4096, 512, 4) if n_dims == 3 else (4096, 2048), np.int32))  # 32 MiB
    tracemalloc.start()
    try:
        mapped = np.load(path, mmap_mode="r")
        some = SequenceSet(mapped)[np.arange(len(mapped))[::-1]].X
        intake.read(some)
        stored, found = intake.read(mapped)
        stored.of(np.arange(1, len(mapped))), found.of(np.arange(1, len(mapped)))
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


@pytest.mark.parametrize("unit", ["word", "subword"])
def test_streamed_texts_give_the_fit_that_they_give_in_memory(unit, monkeypatch):
    monkeypatch.setattr(cases, "_BLOCK_RECORDS", 50)
    messages = make_messages(230, random_state=0)
    # The widest word of all is met by few batches, and not first.
    texts = [*messages.X[:228], "antidisestablishmentarianism", "see you at lunch"]
    one, other = (
        SeqConvClassifier(adapter=TextAdapter(unit, n_dims=8, stream=stream), epochs=2, random_state=0).fit(
            texts, messages.y
        )
        for stream in (False, True)
    )
    # Threads add the gradients of an embedding in any order: two fits in memory may differ in their last bits, too.
    for a, b in zip(one.model_.get_weights(), other.model_.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
    np.testing.assert_allclose(one.predict_proba(texts), other.predict_proba(texts), atol=1e-5)
    # In another order the cases share their batches with others, of other shapes: bits are promised at equal shapes.
    np.testing.assert_allclose(other.predict_proba(texts[::-1])[::-1], other.predict_proba(texts), atol=1e-6)
    np.testing.assert_array_equal(other.predict_proba(texts), other.predict_proba(texts))


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


THREADS = """
import os, sys
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
import numpy as np
from seqconv import SeqConvClassifier
from seqconv.adapters import TextAdapter
from seqconv.datasets import make_messages
messages = make_messages(80, random_state=0)
adapter = TextAdapter("word", n_dims=8, stream=True)
fits = [SeqConvClassifier(adapter=adapter, epochs=1, random_state=0).fit(messages.X, messages.y) for _ in range(2)]
one, other = (fit.predict_proba(messages.X) for fit in fits)
assert (one == other).all(), "an equal fit has other bits"
assert (one == fits[0].predict_proba(messages.X)).all(), "an equal batch has other bits"
print("equal")
"""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system cannot be limited to one core")
def test_one_core_gives_equal_bits_at_equal_shapes():
    done = subprocess.run([sys.executable, "-c", THREADS], check=False, capture_output=True, text=True)
    assert done.stdout.strip().endswith("equal"), done.stderr[-500:]
