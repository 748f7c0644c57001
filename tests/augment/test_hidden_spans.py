import keras
import numpy as np

from seqconv import augment


def augmented(layer, x):
    y, weight = np.ones((len(x), 2), "float32"), np.ones(len(x), "float32")
    return keras.ops.convert_to_numpy(layer((x, y, weight), training=True)[0])


def counting(n_cases=200, length=20, n_steps=26):
    """Cases 1, 2, ... with a gap at 7 and padding after them."""
    x = np.full((n_cases, n_steps, 1), np.nan, "float32")
    x[:, :length, 0] = np.arange(1, length + 1)
    x[:, 6] = np.nan
    return x


def test_hidden_spans_are_spans():
    x = counting()
    x[:, 6] = 7
    new = augmented(augment.HiddenSpans(1, 0.5, rate=1, seed=0), x)[:, :20, 0]
    hidden = np.isnan(new)
    widths = hidden.sum(axis=1)
    assert set(widths) == set(range(11))
    assert (np.abs(np.diff(np.pad(hidden, ((0, 0), (1, 1))).astype(int), axis=1)).sum(axis=1) <= 2).all()
    assert hidden.any(axis=0).all()
    three = np.isnan(augmented(augment.HiddenSpans(3, 0.2, rate=1, seed=0), x)[:, :20, 0])
    edges = np.abs(np.diff(np.pad(three, ((0, 0), (1, 1))).astype(int), axis=1)).sum(axis=1)
    assert edges.max() == 6


def test_spans_are_for_all_channels_or_for_each():
    x = np.ones((50, 20, 3), "float32")
    hidden = np.isnan(augmented(augment.HiddenSpans(1, 0.5, rate=1, seed=0), x))
    assert (hidden == hidden[..., :1]).all()
    hidden = np.isnan(augmented(augment.HiddenSpans(2, 0.5, per_channel=True, rate=1, seed=0), x))
    assert (hidden != hidden[..., :1]).any(axis=(0, 1))[1:].all()
