"""Convolution of every channel by itself, in two forms."""

from typing import Any

import keras
from keras import ops

from seqconv.geometry import output_length


def is_by_shifts() -> bool:
    """Return whether the sum over the taps is the faster form here: on JAX, whose own form is slow on a CPU."""
    return keras.config.backend() == "jax"


def depthwise(
    x: Any, kernel: Any, strides: int, dilation_rate: int, padding: str = "valid", by_shifts: bool = False
) -> Any:
    """Convolve every channel separately.

    Parameters
    ----------
    x : tensor (batch, steps, channels)
    kernel : tensor (taps, channels, multiplier)
    strides, dilation_rate : int
    padding : {"valid", "same"}, default="valid"
        By shifts only "valid".
    by_shifts : bool, default=False
        Whether to sum over the taps.

    Returns
    -------
    tensor (batch, output steps, channels * multiplier)
    """
    if not by_shifts:
        return ops.depthwise_conv(
            x, kernel, strides=strides, padding=padding, dilation_rate=dilation_rate, data_format="channels_last"
        )
    kernel_size, n_channels, multiplier = kernel.shape
    n_out = output_length(x.shape[1], kernel_size, strides, dilation_rate, padding)
    total = 0
    for tap in range(kernel_size):
        first = tap * dilation_rate
        shifted = x[:, first : first + (n_out - 1) * strides + 1 : strides, :, None]
        total = total + shifted * kernel[tap]  # (batch, n_out, channels, multiplier)
    return ops.reshape(total, (-1, n_out, n_channels * multiplier))
