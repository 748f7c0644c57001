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


def test_a_shift_is_a_shift():
    x = counting()
    case = x[0, :20, 0]
    shifts = []
    for new in augmented(augment.RandomShift(0.25, rate=1, seed=0), x)[..., 0]:
        first = new[~np.isnan(new)][0]
        shift = int(np.flatnonzero(new == first)[0] + 1 - first)
        expected = np.full(26, np.nan)
        expected[max(shift, 0) : 20 + min(shift, 0)] = case[max(-shift, 0) : 20 - max(shift, 0)]
        np.testing.assert_array_equal(new, expected)
        shifts.append(shift)
    assert set(shifts) == set(range(-5, 6))


def test_a_wrapped_shift_is_a_roll():
    x = counting()
    rolls = [np.append(np.roll(x[0, :20, 0], shift), np.full(6, np.nan)) for shift in range(-5, 6)]
    for new in augmented(augment.RandomShift(0.25, "wrap", rate=1, seed=0), x)[..., 0]:
        assert any(np.array_equal(new, roll, equal_nan=True) for roll in rolls)
