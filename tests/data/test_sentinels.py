"""Numbers that stand for a missing value, and recordings in place of cases."""

import warnings

import numpy as np
import pytest

from seqconv import SeqConvClassifier
from seqconv.data.likely_recording import warn_of_one_recording
from seqconv.data.moments import Moments
from seqconv.data.sentinels import warn_of_sentinels


def told(X):
    X = X.astype("float32")
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        warn_of_sentinels(lambda: [X], Moments.measure(X))
    return [str(one.message) for one in found if "write NaN in its place" in str(one.message)]


@pytest.mark.parametrize("fill", [-9999, -999.25, -200, 9.96921e36, 1e35, -32767, 1e6, -77777])
@pytest.mark.parametrize("share", [0.001, 0.02, 0.05])
def test_a_number_far_from_all_others_that_repeats_is_told(fill, share, rng):
    X = rng.normal(size=(120, 100, 2))
    X[rng.random(X.shape) < share] = fill
    assert len(told(X)) == 2


@pytest.mark.parametrize("kind", ["normal", "heavy", "counts", "saturated", "spikes", "prices", "one_hot"])
def test_clean_data_is_not_told(kind, rng):
    X = {
        "normal": rng.normal(size=(60, 100, 1)),
        "heavy": rng.standard_t(3, size=(60, 100, 1)),
        "counts": rng.poisson(0.1, size=(60, 100, 1)),
        "saturated": np.minimum(rng.gamma(1, 30_000, size=(60, 100, 1)), 65535),
        "spikes": (rng.random((60, 100, 1)) < 0.01) * rng.normal(50, 5, size=(60, 100, 1)),
        "prices": rng.normal(999, 3, size=(60, 100, 1)),
        "one_hot": rng.random((60, 100, 1)) < 0.01,
    }[kind]
    assert told(np.asarray(X, float)) == []


def test_values_far_beyond_those_of_training_are_told_at_predict(rng):
    X = rng.normal(size=(40, 30, 2))
    classifier = SeqConvClassifier("mini_rocket", random_state=0).fit(X, ["a", "b"] * 20)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        classifier.predict(X * 2)
    spoilt = X.copy()
    spoilt[3, 5, 1] = -9999
    with pytest.warns(UserWarning, match="channel 1 of X has a value of magnitude 9999, in training the largest was"):
        classifier.predict(spoilt)


def test_a_table_that_is_one_recording_is_told(rng):
    walk = np.cumsum(rng.normal(size=(1000, 2)), axis=0)
    with pytest.warns(
        UserWarning, match="one recording of 1,000 steps and 2 channels, cut it by seqconv.formats.windows"
    ):
        assert warn_of_one_recording(walk)
    with pytest.warns(UserWarning, match="cut it by seqconv.formats.windows"):
        SeqConvClassifier("mini_rocket").fit(np.repeat(walk, 5, axis=1), np.repeat(["a", "b"], 500))
    for clean in (
        rng.normal(size=(1000, 2)),
        walk[:100],
        rng.permutation(walk),
        np.cumsum(rng.normal(size=(600, 30)), axis=1),
    ):
        assert not warn_of_one_recording(clean)
