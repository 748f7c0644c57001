import keras
import numpy as np
import pytest

from seqconv import augment


def augmented(layer, x):
    y, weight = np.ones((len(x), 2), "float32"), np.ones(len(x), "float32")
    return keras.ops.convert_to_numpy(layer((x, y, weight), training=True)[0])


def spectrogram(rng, n_cases=60):
    x = rng.normal(size=(n_cases, 30, 12)).astype("float32")
    x[:, 20:] = np.nan
    x[:, 4, 5] = np.nan
    return x


def n_edges(masked, axis):
    """Where a mask of one axis begins or ends, for every case."""
    masked = np.pad(masked, ((0, 0), (1, 1))).astype(int)
    return np.abs(np.diff(masked, axis=1)).sum(axis=1)


@pytest.mark.parametrize("fill", ["hidden", "mean"])
@pytest.mark.parametrize("name, axis, size", [("TimeMasking", 1, 20), ("FrequencyMasking", 2, 12)])
def test_masks_are_bands_of_their_axis(rng, name, axis, size, fill):
    x = spectrogram(rng)
    new = augmented(getattr(augment, name)(2, 0.25, fill, rate=1, seed=0), x)
    masked = ~np.isnan(x) & ~(new == x)
    bands = masked.any(axis=3 - axis)[:, :size]
    observed = ~np.isnan(x)
    np.testing.assert_array_equal(
        masked, np.expand_dims(np.pad(bands, ((0, 0), (0, x.shape[axis] - size))), 3 - axis) & observed
    )
    assert n_edges(bands, axis).max() == 4 and bands.sum(axis=1).max() <= 2 * size // 4
    assert bands.any(axis=0).all() and bands.sum(axis=1).min() <= 1
    if fill == "mean":
        means = np.broadcast_to(np.nanmean(x, axis=1, keepdims=True), x.shape)
        np.testing.assert_allclose(new[masked], means[masked], atol=1e-5)
    else:
        assert np.isnan(new[masked]).all()
