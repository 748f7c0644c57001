import gc

import keras
import numpy as np
import pytest

from seqconv import SeqConvClassifier
from seqconv.encoders import FCN
from seqconv.training.optimizer_leak import forget_kernels, without_leak

RNG = np.random.default_rng(0)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="the leak is TensorFlow's")
def test_fits_leave_no_gradients_registered():
    from tensorflow.python.framework import ops

    def n_registered():
        gc.collect()
        return sum(name.startswith("CustomGradient") for name in ops.gradient_registry.list())

    X, y = RNG.normal(size=(40, 30, 2)).astype(np.float32), np.arange(40) % 2
    before = n_registered()
    for _ in range(2):
        SeqConvClassifier(FCN(filters=(4,), kernel_sizes=(3,)), epochs=1, random_state=0).fit(X, y)
    assert n_registered() == before


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="the leak is TensorFlow's")
def test_a_fit_frees_the_kernels_of_networks_that_are_gone(monkeypatch):
    from tensorflow.python.eager import context

    calls, clear = [], context.context().clear_kernel_cache
    monkeypatch.setattr(context.context(), "clear_kernel_cache", lambda: calls.append(clear()))
    X, y = RNG.normal(size=(40, 30, 2)).astype(np.float32), np.arange(40) % 2
    first = SeqConvClassifier(FCN(filters=(4,), kernel_sizes=(3,)), epochs=1, random_state=0).fit(X, y)
    before = first.predict_proba(X)
    assert len(calls) == 1
    forget_kernels()
    np.testing.assert_array_equal(first.predict_proba(X), before)


def test_a_step_is_the_same():
    weights = []
    for change in (without_leak, lambda optimizer: optimizer):
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, kernel_initializer="ones")])
        model.compile(change(keras.optimizers.Adam(0.1)), "mse")
        model.train_on_batch(np.ones((4, 3), "float32"), np.zeros((4, 1), "float32"))
        weights.append(model.get_weights())
    for one, other in zip(*weights, strict=True):
        np.testing.assert_array_equal(one, other)
