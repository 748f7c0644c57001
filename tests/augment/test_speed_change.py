import keras
import numpy as np
import pytest

from seqconv import augment


def augmented(layer, x):
    y, weight = np.ones((len(x), 2), "float32"), np.ones(len(x), "float32")
    return keras.ops.convert_to_numpy(layer((x, y, weight), training=True)[0])


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.25, 2.0])
def test_speed_multiplies_the_frequency_of_a_sine(speed):
    n_steps, frequency = 2000, 50  # cycles in the case
    x = np.sin(2 * np.pi * frequency * np.arange(n_steps) / n_steps).astype("float32").reshape(1, -1, 1)
    new = augmented(augment.SpeedChange((speed, speed), rate=1), x)[0, :, 0]
    new = new[~np.isnan(new)]
    assert len(new) == pytest.approx(n_steps / speed, abs=1)
    spectrum = np.abs(np.fft.rfft(new * np.hanning(len(new)), n_steps * 4))
    assert spectrum.argmax() / 4 == pytest.approx(frequency * speed, abs=0.3)


def test_speed_reads_the_whole_case_and_no_padding():
    x = np.arange(11.0, dtype="float32").reshape(1, 11, 1).repeat(60, axis=0)
    x[1::2, 7:] = np.nan
    new = augmented(augment.SpeedChange((0.5, 2), rate=1, seed=0), x)[..., 0]
    assert new.shape == (60, 21)
    for case, last in zip(new, [10, 6] * 30, strict=True):
        own = case[~np.isnan(case)]
        steps = np.diff(own)
        np.testing.assert_allclose(steps, steps.mean(), atol=1e-3)
        assert own[0] == 0 and last - steps.mean() - 1e-3 < own[-1] <= last and 0.5 <= steps.mean() <= 2
    np.testing.assert_array_equal(augmented(augment.SpeedChange((1, 1), rate=1), x), x)
