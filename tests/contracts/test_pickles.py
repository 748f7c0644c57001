"""Pickles of one fitted estimator are equal at every call, so that caches and hashes work."""

import pickle
import time

import joblib
import keras
import numpy as np
import pytest

import seqconv
from seqconv import SeqConvClassifier, SeqConvRegressor
from seqconv.adapters import TextAdapter
from seqconv.augment import Jitter
from seqconv.datasets import make_messages
from seqconv.encoders import FCN, Encoder, KimCNN
from seqconv.layers import KMaxPooling1D, KMeanPooling1D

X = np.random.default_rng(0).normal(size=(20, 30)).astype("float32")
SETTINGS = {"epochs": 1, "random_state": 0}
MESSAGES = make_messages(40, random_state=0)
ESTIMATORS = {
    "series": lambda: SeqConvClassifier(FCN(filters=(4, 4, 4)), n_members=2, **SETTINGS).fit(X, np.arange(20) % 2),
    "objects of Keras": lambda: SeqConvClassifier(
        FCN(filters=(4, 4, 4)),
        pooling=KMaxPooling1D(2, flatten=True),
        optimizer=keras.optimizers.SGD(0.01),
        augment=[Jitter(0.1)],
        **SETTINGS,
    ).fit(X, np.arange(20) % 2),
    "regressor": lambda: SeqConvRegressor(FCN(filters=(4, 4, 4)), **SETTINGS).fit(X, X.max(axis=1)),
    "texts": lambda: SeqConvClassifier(KimCNN(4), adapter=TextAdapter("word", n_dims=4), **SETTINGS).fit(
        MESSAGES.X, MESSAGES.y
    ),
}


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_pickles_are_equal_at_every_call(kind):
    estimator = ESTIMATORS[kind]()
    records = MESSAGES.X if kind == "texts" else X
    first, hashed = pickle.dumps(estimator), joblib.hash(estimator)
    time.sleep(2.1)  # the times in a zip have a resolution of two seconds
    assert pickle.dumps(estimator) == first and joblib.hash(estimator) == hashed
    estimator.predict(records)
    assert pickle.dumps(estimator) == first
    again = pickle.loads(first)
    np.testing.assert_array_equal(again.predict(records), estimator.predict(records))


def predict_and_count(estimator, X, calls):
    calls.append(1)
    return estimator.predict_proba(X)


def test_a_cache_on_disk_is_hit(tmp_path):
    calls = []
    cached = joblib.Memory(tmp_path, verbose=0).cache(predict_and_count, ignore=["calls"])
    classifier = ESTIMATORS["series"]()
    for _ in range(2):
        cached(classifier, X, calls)
    assert len(calls) == 1


class Pointwise(Encoder):
    """An encoder without convolutions."""

    def __call__(self, x):
        return keras.layers.Dense(3)(x)

    def convolutions(self):
        return []


def test_an_encoder_without_convolutions_is_pickled():
    classifier = SeqConvClassifier(Pointwise(), **SETTINGS).fit(X, np.arange(20) % 2)
    again = pickle.loads(pickle.dumps(classifier))
    np.testing.assert_array_equal(again.predict_proba(X), classifier.predict_proba(X))


def test_a_template_that_changes_after_the_fit_changes_no_pickle():
    pooling = KMeanPooling1D(2)
    classifier = SeqConvClassifier(FCN(filters=(4, 4, 4)), pooling=pooling, **SETTINGS).fit(X, np.arange(20) % 2)
    expected = classifier.predict_proba(X)
    pooling.k = 15
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(classifier)).predict_proba(X), expected)


@pytest.mark.parametrize("policy", ["mixed_float16", "float64"])
def test_the_policy_of_the_fit_is_kept(policy, tmp_path):
    own = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        classifier = SeqConvClassifier(FCN(filters=(4, 4, 4)), **SETTINGS).fit(X, np.arange(20) % 2)
        expected, pickled = classifier.predict_proba(X), pickle.dumps(classifier)
        classifier.save(tmp_path / "model")
    finally:
        keras.config.set_dtype_policy(own)
    for again in (pickle.loads(pickled), seqconv.load(tmp_path / "model")):
        np.testing.assert_array_equal(again.predict_proba(X), expected)
    assert keras.config.dtype_policy().name == own.name
