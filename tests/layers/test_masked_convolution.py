import numpy as np
import pytest

from seqconv.layers import MaskedConv1D, MaskedSeparableConv1D


@pytest.mark.parametrize("made_of", [MaskedConv1D, MaskedSeparableConv1D])
def test_bad_arguments_are_refused(made_of):
    with pytest.raises(ValueError, match="got 'reflect'"):
        made_of(2, 3, padding="reflect")
    with pytest.raises(ValueError, match="dilation_rate"):
        made_of(2, 3, strides=2, dilation_rate=2)
    with pytest.raises(ValueError, match="filters"):
        made_of(0, 3)


@pytest.mark.parametrize("made_of", [MaskedConv1D, MaskedSeparableConv1D])
def test_cases_shorter_than_a_valid_window_are_refused(made_of):
    with pytest.raises(ValueError, match="requires at least 5 steps under padding='valid', got 4"):
        made_of(2, 3, dilation_rate=2)(np.zeros((1, 4, 2), "float32"))
