"""Fixed filters for increase, decrease and peaks."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from seqconv.arguments import flag, whole
from seqconv.geometry import padding_widths
from seqconv.layers.sizes import check_has_steps
from seqconv.layers.slots import as_floats
from seqconv.masks import zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class HandCraftedFilters1D(keras.layers.Layer):
    """Convolve with fixed filters that answer to an increase, a decrease or a peak, of several lengths.

    Parameters
    ----------
    kernel_sizes : sequence of int, default=(2, 4, 8, 16, 32, 64)
        Lengths of the filters for increase and decrease, even, at least 2. Those for peaks are half as long again, and
        are left out for a length below 4 or not divisible by 4.
    depthwise : bool, default=False
        Whether each channel has features of its own; else they are summed over the channels.
    **kwargs
        Keras's `name` and `dtype`.

    Raises
    ------
    ValueError
        If `kernel_sizes` does not hold even whole numbers of at least 2.
    TypeError
        If `depthwise` is not True or False.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, steps, filters): 17 filters for the default lengths, 17 for each channel
    if `depthwise`.
    Mask: hidden steps are zeroed first; passed on unchanged.
    Backend: all.

    References
    ----------
    Ismail-Fawaz, Devanne, Weber and Forestier (2022), "Deep learning for time series classification using new
    hand-crafted convolution filters", section III.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import HandCraftedFilters1D
    >>> rise = np.arange(6, dtype="float32").reshape(1, 6, 1)
    >>> np.asarray(HandCraftedFilters1D((2,))(rise))[0, 1].tolist()
    [1.0, -1.0]
    """

    def __init__(
        self, kernel_sizes: Sequence[int] = (2, 4, 8, 16, 32, 64), depthwise: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(trainable=kwargs.pop("trainable", False), **kwargs)
        self.kernel_sizes = tuple(whole("kernel_sizes", size, 2) for size in kernel_sizes)
        if not self.kernel_sizes or any(size % 2 for size in self.kernel_sizes):
            raise ValueError(f"kernel_sizes must be even numbers of at least 2, at least one, got {kernel_sizes}.")
        self.depthwise = flag("depthwise", depthwise)
        self._taps = _filters(self.kernel_sizes)  # (taps, filters)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        check_has_steps(self.name, inputs)
        x = zero_hidden(as_floats(inputs, self.compute_dtype), mask)
        n_taps, n_filters = len(self._taps), len(self._taps[0])
        kernel = ops.expand_dims(ops.convert_to_tensor(self._taps, x.dtype), 1)  # (taps, 1, filters)
        x = ops.pad(x, ((0, 0), padding_widths(n_taps), (0, 0)))
        n_channels = x.shape[-1]
        settings = {"strides": 1, "padding": "valid", "data_format": "channels_last"}
        if not self.depthwise:
            x = ops.sum(x, axis=-1, keepdims=True)
            return ops.conv(x, kernel, **settings)
        # One channel at a time as a case of its own, which is faster than a grouped convolution.
        columns = ops.reshape(ops.transpose(x, (0, 2, 1)), (-1, ops.shape(x)[1], 1))
        y = ops.conv(columns, kernel, **settings)
        y = ops.reshape(y, (-1, n_channels, ops.shape(y)[1], n_filters))
        return ops.reshape(ops.transpose(y, (0, 2, 1, 3)), (-1, ops.shape(y)[2], n_channels * n_filters))

    def compute_output_shape(self, input_shape: Any) -> tuple:
        n_filters = len(self._taps[0])
        return (*input_shape[:-1], n_filters * (input_shape[-1] if self.depthwise else 1))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "kernel_sizes": self.kernel_sizes, "depthwise": self.depthwise}


def _filters(kernel_sizes):
    """Return the taps of all filters, (longest, filters), zeros around each, so that it is padded as alone."""
    found = []
    for size in kernel_sizes:
        signs = [-1.0 if i % 2 == 0 else 1.0 for i in range(size)]
        found += [signs, [-one for one in signs]]
        if size % 4 == 0:
            rise = [(i / (size // 4)) ** 2 for i in range(1, size // 4 + 1)]
            side = [-one for one in rise + rise[::-1]]
            found.append([*side, *(-2 * one for one in side), *side])
    longest = max(map(len, found))
    columns = []
    for one in found:
        before = padding_widths(longest)[0] - padding_widths(len(one))[0]
        columns.append([0.0] * before + one + [0.0] * (longest - before - len(one)))
    return [list(row) for row in zip(*columns, strict=True)]
