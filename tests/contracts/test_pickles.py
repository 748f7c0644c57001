"""Pickles of one fitted estimator are equal at every call, so that caches and hashes work."""

import pickle
import time

import joblib
import numpy as np
import pytest

from seqconv import SeqConvClassifier, SeqConvRegressor
from seqconv.adapters import TextAdapter
from seqconv.datasets import make_messages
from seqconv.encoders import FCN, KimCNN

X = np.random.default_rng(0).normal(size=(20, 30)).astype("float32")
SETTINGS = {"epochs": 1, "random_state": 0}
MESSAGES = make_messages(40, random_state=0)
ESTIMATORS = {
    "series": lambda: SeqConvClassifier(FCN(filters=(4, 4, 4)), n_members=2, **SETTINGS).fit(X, np.arange(20) % 2),
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
