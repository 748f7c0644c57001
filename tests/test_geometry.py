import keras
import numpy as np
import pytest

from seqconv import geometry
from seqconv.layers import MaskedConv1D


@pytest.mark.parametrize("padding", geometry.PADDINGS)
@pytest.mark.parametrize("kernel_size, strides, dilation_rate", [(1, 1, 1), (4, 1, 1), (5, 3, 1), (3, 1, 4)])
def test_output_length_equals_the_windows_that_fit(kernel_size, strides, dilation_rate, padding):
    left, right = geometry.padding_widths(kernel_size, dilation_rate, padding)
    for n_steps in range(12):
        starts = range(-left, n_steps + right - (kernel_size - 1) * dilation_rate, strides)
        given = geometry.output_length(n_steps, kernel_size, strides, dilation_rate, padding)
        assert given == len(starts)


def test_same_and_causal_give_one_output_a_stride():
    for n_steps in range(1, 20):
        for padding in ("same", "causal"):
            assert geometry.output_length(n_steps, 4, 3, padding=padding) == -(-n_steps // 3)


def test_an_unknown_length_stays_unknown():
    assert geometry.output_length(None, 3) is None


def test_an_even_kernel_sets_the_odd_zero_on_the_right():
    assert geometry.padding_widths(40, padding="same") == (19, 20)


def test_an_unknown_padding_is_refused():
    with pytest.raises(ValueError, match="got 'reflect'"):
        geometry.padding_widths(3, padding="reflect")


@pytest.mark.parametrize("padding", ["valid", "same", "causal"])
def test_steps_seen_through_a_stack_are_those_that_a_pulse_reaches(padding):
    stack, n_steps = [(3, 2, 1), (3, 1, 2), (4, 1, 1)], 40
    model = keras.Sequential(
        [
            MaskedConv1D(1, k, strides=s, dilation_rate=d, padding=padding, use_bias=False, kernel_initializer="ones")
            for k, s, d in stack
        ]
    )
    pulses = np.eye(n_steps, dtype="float32")[..., None]  # (pulse at, steps, 1)
    reached = keras.ops.convert_to_numpy(model(pulses))[..., 0] > 0  # (pulse at, output steps)
    for step in range(reached.shape[1]):
        seen = np.flatnonzero(reached[:, step])
        given = geometry.steps_seen(step, stack, n_steps=n_steps, padding=padding)
        assert len(geometry.steps_seen(step, stack, padding=padding)) == geometry.receptive_field(stack)
        # At the ends the outermost tap may fall on a zero of the padding that a lower layer has set.
        assert set(seen) <= set(given)
        if given.start > 0 and given.stop < n_steps:
            assert (seen[0], seen[-1] + 1) == (given.start, given.stop)
