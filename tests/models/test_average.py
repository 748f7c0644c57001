import keras
import numpy as np
import pytest

from seqconv.encoders import FCN
from seqconv.models import (
    build_average,
    build_classifier,
    build_regressor,
)

SMALL = FCN(filters=(4, 4, 4))


def test_the_average_shares_its_members_weights(rng):
    members = [build_classifier(SMALL, (None, 1), 2, seed=seed) for seed in (0, 1)]
    X = rng.standard_normal((3, 20, 1)).astype("float32")
    expected = (keras.ops.convert_to_numpy(members[0](X)) + keras.ops.convert_to_numpy(members[1](X))) / 2
    np.testing.assert_allclose(keras.ops.convert_to_numpy(build_average(members)(X)), expected, atol=1e-6)


@pytest.fixture
def half_precision():
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    yield
    keras.config.set_dtype_policy(before)


def test_the_average_is_taken_in_single_precision(half_precision, rng):
    members = [build_regressor(SMALL, (None, 1), centre=[1e5], scale=[3.0], seed=seed) for seed in (0, 1)]
    X = rng.standard_normal((3, 20, 1)).astype("float32")
    expected = np.mean([keras.ops.convert_to_numpy(member(X)) for member in members], axis=0)
    assert np.isfinite(expected).all()
    np.testing.assert_allclose(keras.ops.convert_to_numpy(build_average(members)(X)), expected, rtol=1e-6)


def test_the_average_of_one_is_itself():
    member = build_classifier(SMALL, (None, 1), 2)
    assert build_average([member]) is member
