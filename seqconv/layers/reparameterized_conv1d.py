"""Convolution trained as several branches and used as one."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from seqconv.arguments import flag, number, whole
from seqconv.geometry import padding_widths
from seqconv.layers.depthwise import depthwise, is_by_shifts
from seqconv.layers.masked_batch_normalization import MaskedBatchNormalization
from seqconv.layers.masked_conv1d import MaskedConv1D
from seqconv.layers.masked_depthwise_conv1d import MaskedDepthwiseConv1D
from seqconv.layers.sizes import check_has_steps, size
from seqconv.layers.slots import as_floats
from seqconv.masks import zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class ReparameterizedConv1D(keras.layers.Layer):
    """Add convolutions of several lengths, each batch-normalized; outside training they are one convolution.

    Parameters
    ----------
    filters : int or None
        Number of features computed, at least 1. None convolves every channel separately.
    kernel_sizes : sequence of int
        Number of taps of each branch, odd, such as ``(51, 5)``.
    shortcut : bool, default=False
        Whether the batch-normalized input is a branch too. It needs as many channels as filters.
    momentum : float, default=0.9
        Of the batch normalization.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If an argument is out of its range, or with `shortcut` the channels are not as many as the filters.
    TypeError
        If `shortcut` is not True or False.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, steps, filters).
    Mask: hidden steps are zeroed first; passed on unchanged.
    Backend: all.

    References
    ----------
    Ding, Zhang, Ma, Han, Ding and Sun (2021), "RepVGG: making VGG-style ConvNets great again", section 3.3.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import ReparameterizedConv1D
    >>> layer = ReparameterizedConv1D(4, (9, 3))
    >>> x = np.random.default_rng(0).normal(size=(2, 20, 6)).astype("float32")
    >>> y = layer(x)
    >>> bool(np.abs(np.asarray(layer.merged()(x)) - np.asarray(y)).max() < 1e-5)
    True
    """

    def __init__(
        self,
        filters: int | None,
        kernel_sizes: Sequence[int],
        shortcut: bool = False,
        momentum: float = 0.9,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.filters = whole("filters", filters, 1, optional=True)
        self.kernel_sizes = tuple(size("kernel_sizes", one) for one in kernel_sizes)
        if not self.kernel_sizes or any(one % 2 == 0 for one in self.kernel_sizes):
            raise ValueError(f"kernel_sizes must be odd numbers, at least one, got {kernel_sizes}.")
        self.shortcut = flag("shortcut", shortcut)
        self.momentum = number("momentum", momentum, 0, 1)
        self.convolutions = [self._convolution(one, use_bias=False) for one in self.kernel_sizes]
        n_branches = len(self.convolutions) + self.shortcut
        self.normalizations = [
            MaskedBatchNormalization(momentum=momentum, dtype=self.dtype_policy) for _ in range(n_branches)
        ]
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def _convolution(self, kernel_size, use_bias):
        settings = {"padding": "same", "use_bias": use_bias, "dtype": self.dtype_policy}
        if self.filters is None:
            return MaskedDepthwiseConv1D(kernel_size, **settings)
        return MaskedConv1D(self.filters, kernel_size, **settings)

    def build(self, input_shape: Any) -> None:
        n_channels = input_shape[-1]
        n_filters = self.filters or n_channels
        if self.shortcut and n_filters != n_channels:
            raise ValueError(f"shortcut requires as many channels as filters, got {n_channels} and {n_filters}.")
        for convolution in self.convolutions:
            convolution.build(input_shape)
        for normalization in self.normalizations:
            normalization.build((*input_shape[:-1], n_filters))

    def call(self, inputs: Any, mask: Any = None, training: bool | None = None) -> Any:
        check_has_steps(self.name, inputs)
        x = zero_hidden(as_floats(inputs, self.compute_dtype), mask)
        if not training:
            kernel, bias = (ops.cast(one, x.dtype) for one in self._merged_weights())
            if self.filters is not None:
                return ops.conv(x, kernel, 1, padding="same", data_format="channels_last") + bias
            x = ops.pad(x, ((0, 0), padding_widths(kernel.shape[0]), (0, 0)))
            return depthwise(x, kernel, 1, 1, by_shifts=is_by_shifts()) + bias
        branches = [convolution(x, mask=mask) for convolution in self.convolutions] + [x] * self.shortcut
        pairs = zip(self.normalizations, branches, strict=True)
        return sum(normalize(branch, mask=mask, training=True) for normalize, branch in pairs)

    def merged(self) -> MaskedConv1D | MaskedDepthwiseConv1D:
        """Return one convolution that answers as this layer does outside training."""
        convolution = self._convolution(max(self.kernel_sizes), use_bias=True)
        convolution.build((None, None, self.convolutions[0].kernel.shape[1]))
        convolution.set_weights([ops.convert_to_numpy(one) for one in self._merged_weights()])
        return convolution

    def _merged_weights(self):
        """Return the kernel and the bias of the sum of all branches."""
        longest, kernel, bias = max(self.kernel_sizes), 0, 0
        kernels = [ops.convert_to_tensor(convolution.kernel, self.variable_dtype) for convolution in self.convolutions]
        if self.shortcut:
            n_channels = kernels[0].shape[1]
            identity = ops.ones((1, n_channels, 1)) if self.filters is None else ops.eye(n_channels)[None]
            kernels.append(ops.cast(identity, self.variable_dtype))
        for one, normalize in zip(kernels, self.normalizations, strict=True):
            scale = normalize.gamma * ops.rsqrt(normalize.moving_variance + normalize.epsilon)  # (filters,)
            scaled = one * (scale[:, None] if self.filters is None else scale)
            missing = (longest - one.shape[0]) // 2
            kernel = kernel + ops.pad(scaled, ((missing, missing), (0, 0), (0, 0)))
            bias = bias + normalize.beta - normalize.moving_mean * scale
        return kernel, bias

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return (*input_shape[:-1], self.filters or input_shape[-1])

    def get_config(self) -> dict[str, Any]:
        own = {name: getattr(self, name) for name in ("filters", "kernel_sizes", "shortcut", "momentum")}
        return {**super().get_config(), **own}
