import keras
import numpy as np
import pytest

from seqconv.encoders import FCN
from seqconv.models import (
    build_regressor,
)

SMALL = FCN(filters=(4, 4, 4))


def test_a_regressor_of_no_output_is_refused():
    with pytest.raises(ValueError, match="got 0"):
        build_regressor(SMALL, (None, 1), 0)


def test_the_regressor_answers_in_the_users_units(rng):
    X = rng.standard_normal((4, 20, 1)).astype("float32")
    plain = build_regressor(SMALL, (None, 1), seed=0)
    scaled = build_regressor(SMALL, (None, 1), centre=[100.0], scale=[10.0], seed=0)
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(scaled(X)), 100 + 10 * keras.ops.convert_to_numpy(plain(X)), rtol=1e-6
    )
