import keras
import numpy as np
import pytest

from seqconv import augment


def augmented(layer, x):
    y, weight = np.ones((len(x), 2), "float32"), np.ones(len(x), "float32")
    return keras.ops.convert_to_numpy(layer((x, y, weight), training=True)[0])


def test_dropped_channels_are_whole(rng):
    x = np.ones((300, 5, 4), "float32")
    x[:, :, 3] = np.nan  # holds nothing, so it is not one that is left
    hidden = np.isnan(augmented(augment.ChannelDropout(0.4, rate=1, seed=0), x))
    assert (hidden == hidden[:, :1]).all() and (~hidden[:, 0, :3]).any(axis=1).all()
    assert hidden[:, 0, :3].mean() == pytest.approx(0.4 - 0.4**3 / 3, abs=0.05)
    lone = np.isnan(augmented(augment.ChannelDropout(1.0, rate=1), x))
    assert ((~lone[:, 0]).sum(axis=1) == 1).all() and lone[:, 0, 3].all()


def test_dropping_the_only_channel_is_refused():
    x = np.ones((2, 5, 1), "float32")
    with pytest.raises(ValueError, match="at least 2 channels, got x with 1; use HiddenSpans"):
        augmented(augment.ChannelDropout(), x)
