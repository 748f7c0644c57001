"""Quantiles of intervals of series."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import flag, whole
from seqconv.layers.intervals import interval_quantiles, levels
from seqconv.layers.sizes import check_not_empty
from seqconv.masks import checked, n_real, zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class QuantileFeatures1D(keras.layers.Layer):
    """Features of QUANT: quantiles of dyadic intervals of a series, of its differences and of its spectrum.

    Parameters
    ----------
    n_steps : int
        Length of a case that the numbers of intervals and of their quantiles come from, at least 1.
    depth : int, default=6
        Most levels of intervals, at least 1. Level j has 2^j parts, and the same moved by half a part.
    spectrum : bool, default=True
        Whether to add the amplitudes of the Fourier transform, of the series cut or filled with zeros to `n_steps`.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `n_steps` or `depth` is not an integer of at least 1.
    TypeError
        If `spectrum` is not True or False.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, features), in order of channel, representation, level, interval, quantile.
    Mask: the real steps are read one after the other, as if nothing were missing between them; consumed.
    Backend: all; computes in float32 also under mixed precision. ONNX has no Fourier transform of real numbers.
    On PyTorch the gradient by the input depends on the padding; the answers do not.
    Every second quantile of an interval is taken minus the mean. A case of another length than `n_steps` has the same
    intervals, scaled to its length, of at least one step.

    References
    ----------
    Dempster, Schmidt and Webb (2024), "QUANT: a minimalist interval method for time series classification", section 3.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import QuantileFeatures1D
    >>> tuple(QuantileFeatures1D(100)(np.zeros((5, 100, 1), "float32")).shape)
    (5, 1042)
    """

    def __init__(self, n_steps: int, depth: int = 6, spectrum: bool = True, **kwargs: Any) -> None:
        super().__init__(autocast=False, **kwargs)
        self.n_steps = whole("n_steps", n_steps, 1)
        self.depth = whole("depth", depth, 1)
        self.spectrum = flag("spectrum", spectrum)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        check_not_empty(self.name, inputs)
        x = zero_hidden(ops.cast(inputs, "float32"), mask)
        lengths = ops.reshape(ops.cast(ops.shape(x)[1], "int32") if mask is None else n_real(mask), (-1, 1))
        x = ops.transpose(x if mask is None else _without_gaps(x, mask), (0, 2, 1))
        # Three steps more, so that the second difference has a value.
        x = ops.pad(x, ((0, 0), (0, 0), (0, 3)))  # (batch, channels, steps)
        found = []
        for values, own_lengths, fitted in self._representations(x, lengths):
            found += [interval_quantiles(values, own_lengths, level) for level in levels(fitted, self.depth)]
        features = ops.concatenate(found, axis=-1)  # (batch, channels, features of a channel)
        return ops.cast(ops.reshape(features, (-1, x.shape[1] * self._n_features())), self.compute_dtype)

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        return None

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return (input_shape[0], input_shape[2] * self._n_features())

    def get_config(self) -> dict[str, Any]:
        own = ("n_steps", "depth", "spectrum")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}

    def _lengths(self):
        """Return the number of values of each representation of a case of the fitted length."""
        return [max(self.n_steps - i, 1) for i in range(3)] + [self.n_steps // 2 + 1] * self.spectrum

    def _n_features(self):
        return sum(sum(level.n_quantiles) for length in self._lengths() for level in levels(length, self.depth))

    def _representations(self, x, lengths):
        """Yield each representation, its lengths of at least 1, and the fitted length."""
        fitted = self._lengths()
        first = x[..., 1:] - x[..., :-1]
        second = first[..., 1:] - first[..., :-1]
        for i, values in enumerate((x, _smoothed(first, lengths - 1), second)):
            exists = ops.expand_dims(lengths > i, -1)
            yield ops.where(exists, values, 0), ops.maximum(lengths - i, 1), fitted[i]
        if self.spectrum:
            # Cut and filled here, because the gradient of TensorFlow's own way fails.
            filled = ops.pad(x, ((0, 0), (0, 0), (0, self.n_steps)))[..., : self.n_steps]
            real, imaginary = ops.rfft(ops.reshape(filled, (-1, x.shape[1], self.n_steps)))
            power = ops.square(real) + ops.square(imaginary)
            # The root of 0 has no gradient.
            amplitude = ops.where(power > 0, ops.sqrt(ops.where(power > 0, power, 1)), 0)
            yield amplitude, ops.full((1, 1), fitted[3], "int32"), fitted[3]


def _without_gaps(x, mask):
    """Move the real steps of (batch, steps, channels) to the front; at least one step of zeros follows."""
    n_channels = x.shape[2]
    x, mask = ops.pad(x, ((0, 0), (0, 1), (0, 0))), ops.pad(ops.cast(checked(mask, x), "int32"), ((0, 0), (0, 1)))
    n_steps = ops.shape(x)[1]
    steps = ops.sort(ops.where(mask > 0, ops.arange(n_steps, dtype="int32"), n_steps - 1), axis=1)
    steps = ops.repeat(ops.expand_dims(steps, -1), n_channels, axis=-1)
    # TensorFlow forgets the number of channels where that of the steps is unknown.
    return ops.reshape(ops.take_along_axis(x, steps, axis=1), (-1, n_steps, n_channels))


def _smoothed(x, lengths):
    """Return the means of five values of (batch, channels, steps), with the values at the ends repeated."""
    last = ops.broadcast_to(ops.expand_dims(ops.maximum(lengths - 1, 0), 1), (ops.shape(x)[0], x.shape[1], 1))
    end = ops.reshape(ops.take_along_axis(x, last, axis=2), (-1, x.shape[1], 1))
    is_own = ops.arange(ops.shape(x)[2], dtype="int32") < ops.expand_dims(lengths, 1)
    start = x[..., :1]
    x = ops.concatenate([start, start, ops.where(is_own, x, end), end, end], axis=2)
    return (x[..., :-4] + x[..., 1:-3] + x[..., 2:-2] + x[..., 3:-1] + x[..., 4:]) / 5
