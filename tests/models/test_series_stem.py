import keras
import numpy as np
import pytest

from seqconv.encoders import FCN
from seqconv.models import (
    SeriesStem,
    build_classifier,
)

SMALL = FCN(filters=(4, 4, 4))


@pytest.mark.parametrize(
    "input_shape", [(None, None), (None,), (1,), 5, (None, 0), (None, 1.0), (None, 1, 1), (), "ab"]
)
def test_a_series_without_a_known_number_of_channels_is_refused(input_shape):
    with pytest.raises(ValueError, match=r"input_shape of a series must be \(steps, channels\)"):
        build_classifier(SMALL, input_shape, 2)


def test_the_stem_scales_before_it_masks():
    stem = SeriesStem(centre=np.array([10.0]), scale=np.array([2.0]))
    model = build_classifier(SMALL, (None, 1), 2, stem=stem)
    scaled = keras.Model(model.input, model.get_layer("stem").output)
    X = np.array([[[12.0], [np.nan], [10.0]]], np.float32)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(scaled(X))[0, :, 0], [1.0, 0.0, 0.0])


def test_case_scaling_leaves_no_level_and_no_size(rng):
    model = build_classifier(SMALL, (None, 1), 2, stem=SeriesStem(scaling="case"))
    X = rng.standard_normal((3, 30, 1)).astype("float32")
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(model(1000 * X + 7)), keras.ops.convert_to_numpy(model(X)), atol=1e-4
    )


def test_an_unknown_scaling_is_refused():
    with pytest.raises(ValueError, match="'median'"):
        build_classifier(SMALL, (None, 1), 2, stem=SeriesStem(scaling="median"))
