"""X in all the forms that mean the same thing, read once, with errors that know their case."""

import subprocess
import sys

import keras
import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, TransformerMixin

from seqconv import SeqConvClassifier, SeqConvRegressor
from seqconv.adapters import TextAdapter
from seqconv.data import cases
from seqconv.data.case_errors import CaseError
from seqconv.datasets import make_messages, make_series
from seqconv.encoders import FCN
from seqconv.estimators import intake

TINY = FCN(filters=(4,), kernel_sizes=(5,))


def tiny(**parameters):
    return SeqConvClassifier(**{"encoder": TINY, "epochs": 1, "random_state": 0} | parameters)


@pytest.fixture(scope="module")
def series():
    found = make_series(n_cases=40, n_steps=24, n_channels=2, random_state=0)
    found.X[3, 5] = np.nan
    return found


def read_only(X):
    X = X.copy()
    X.flags.writeable = False
    return X


def objects(X):
    cases = np.empty(len(X), object)
    cases[:] = list(X)
    return cases


FORMS = {
    "read-only": read_only,
    "not contiguous": lambda X: np.repeat(X, 2, axis=1)[:, ::2],
    "Fortran order": np.asfortranarray,
    "float64": lambda X: X.astype(np.float64),
    "objects of numbers": lambda X: X.astype(object),
    "object array of arrays": objects,
    "list of arrays": list,
    "nested lists": lambda X: X.tolist(),
    "list of data frames": lambda X: [pd.DataFrame(case, columns=["a", "b"]) for case in X],
    "masked array": lambda X: np.ma.masked_invalid(X),
    "list of masked arrays": lambda X: [np.ma.masked_invalid(case) for case in X],
    "tensor of Keras": lambda X: keras.ops.convert_to_tensor(X),
    "tensor of TensorFlow": lambda X: pytest.importorskip("tensorflow").constant(X),
    "tensor of JAX": lambda X: pytest.importorskip("jax.numpy").asarray(X),
    "tensor of PyTorch": lambda X: pytest.importorskip("torch").tensor(X, requires_grad=True),
}


@pytest.fixture(scope="module")
def expected(series):
    return tiny().fit(series.X, series.y).predict_proba(series.X)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_same_numbers_gives_the_same_answers(form, series, expected):
    X = FORMS[form](series.X)
    np.testing.assert_array_equal(tiny().fit(X, series.y).predict_proba(X), expected)


@pytest.mark.parametrize("form", [lambda X: np.ma.masked_less(X, 0), lambda X: np.ma.masked_less(X.astype(int), 0)])
def test_masked_values_are_missing(form, series):
    masked = form(series.X[:, :, 0])
    plain = np.where(np.ma.getmaskarray(masked), np.nan, masked.data)
    assert np.isnan(plain).any()
    one, other = (tiny().fit(X, series.y).predict_proba(X) for X in (masked, plain))
    np.testing.assert_array_equal(one, other)


class Counted(np.memmap):
    """A memory map that counts the bytes that are read of it."""

    n_bytes = 0

    def __getitem__(self, index):
        found = super().__getitem__(index)
        adds_an_axis = isinstance(index, tuple) and any(one is None for one in index)  # reads nothing
        if isinstance(found, np.ndarray) and not adds_an_axis:
            Counted.n_bytes += found.nbytes
        return found


@pytest.mark.parametrize("n_dims", [2, 3])
def test_a_memory_map_is_read_once_before_training(tmp_path, monkeypatch, n_dims):
    monkeypatch.setattr(cases, "_BLOCK_BYTES", 1 << 16)
    rng = np.random.default_rng(0)
    X = rng.normal(size=(600, 100) if n_dims == 3 else (600, 200)).astype("float32")
    X = X.reshape(600, 50, 2) if n_dims == 3 else X
    X.tofile(tmp_path / "X")
    mapped = Counted(tmp_path / "X", X.dtype, "r", shape=X.shape)
    read_before_training = []

    class Remember(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            read_before_training.append(Counted.n_bytes)

    Counted.n_bytes = 0
    tiny(callbacks=[Remember()]).fit(mapped, np.arange(600) % 2)
    assert read_before_training == [X.nbytes]


class Identity(TransformerMixin, BaseEstimator):
    def __init__(self, stream=False):
        self.stream = stream

    def fit(self, X, y=None):
        self.fitted_ = True
        return self

    def transform(self, X):
        return np.stack(X)


@pytest.mark.parametrize("stream", [None, False, True])
def test_errors_know_their_case_as_data(stream, series):
    X = series.X.copy()
    X[37] = np.inf
    adapter = None if stream is None else Identity(stream)
    with pytest.raises(ValueError, match="larger number in case 37") as caught:
        tiny(adapter=adapter, validation_fraction=0.5).fit(X, series.y)
    assert isinstance(caught.value, CaseError) and caught.value.case == 37


def test_a_number_in_a_path_or_a_label_is_not_taken_for_a_case(series):
    class Naming(Identity):
        def transform(self, X):
            raise ValueError("the file /data/case 1/a.wav of case 2 is damaged.")

    with pytest.raises(ValueError, match="^the file /data/case 1/a.wav of case 2 is damaged.$"):
        tiny(adapter=Naming(), validation_fraction=0.5).fit(series.X, series.y)


def test_an_adapter_that_makes_tokens_must_say_so(series):
    class Unclear(Identity):
        def fit(self, X, y=None):
            self.n_tokens_ = 5
            return self

    with pytest.raises(TypeError, match="class attribute makes = 'tokens'"):
        tiny(adapter=Unclear()).fit(series.X, series.y)


def test_the_survey_of_some_cases_is_that_of_these_cases_alone(series):
    stored, found = intake.read(series.X)
    rows = np.array([7, 3, 11])
    _, alone = intake.read(series.X[rows])
    some = found.of(rows)
    np.testing.assert_array_equal(some.lengths, alone.lengths)
    assert (some.is_complete, found.of(np.array([0, 1])).is_complete) == (alone.is_complete, True) == (False, True)
    for one, other in zip(some.moments.centre_and_scale(), alone.moments.centre_and_scale(), strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(stored.of(rows).take(np.arange(3), 24), series.X[rows])


def test_errors_in_validation_data_know_their_case(series):
    X = series.X.copy()
    X[7] = np.nan
    with pytest.raises(ValueError, match="^in validation_data: .* all of case 7 is NaN") as caught:
        tiny().fit(series.X, series.y, validation_data=(X, series.y))
    assert caught.value.case == 7


def test_targets_and_weights_may_be_tensors_of_pytorch(series, expected):
    torch = pytest.importorskip("torch")
    weight = torch.ones(40, requires_grad=True)
    found = tiny().fit(series.X, torch.tensor(series.y), sample_weight=weight).predict_proba(series.X)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    level = torch.tensor(np.nanmax(series.X, axis=(1, 2)), requires_grad=True)
    assert SeqConvRegressor(TINY, epochs=1).fit(series.X, level).predict(series.X).shape == (40,)


def test_a_masked_target_is_missing(series):
    y = np.ma.masked_array(np.arange(40.0), np.arange(40) == 5)
    with pytest.raises(ValueError, match="got NaN or inf in case 5"):
        SeqConvRegressor(TINY, epochs=1).fit(series.X, y)


def test_a_wrong_argument_raises_before_keras_is_imported():
    code = """
import sys
from seqconv import SeqConvClassifier
try:
    SeqConvClassifier(epochs=0).fit([[1.0, 2.0]] * 4, [0, 1] * 2)
except ValueError as error:
    print(error, "keras" in sys.modules)
"""
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed == "epochs must be None or a whole number of at least 1, got 0. False\n"


def test_texts_are_held_packed_and_taken_as_their_arrays():
    texts = make_messages(600, random_state=0).X
    adapter = TextAdapter().fit(texts)
    held, found = intake.transform(texts, adapter, numbers=np.arange(500))
    ids = adapter.transform(texts[:500])
    assert held.X.nbytes < ids.nbytes / 5
    rows = np.array([7, 3, 499])
    np.testing.assert_array_equal(held.of(rows).take(np.array([2, 0]), 5), ids[[499, 7], :5])
    np.testing.assert_array_equal(held.take(np.arange(500), found.n_steps), ids)
