"""Local pools over real steps only."""

import keras
from keras import ops

from seqconv.geometry import output_length, padding_widths
from seqconv.layers.counts import size
from seqconv.masks import through_pool, zero_hidden


class _MaskedPooling:
    """What the two local pools share: fixed padding widths, the walk of the mask, the configuration."""

    def _is_native(self, mask):
        """Whether Keras's own pool gives the answer: no mask, and a padding that does not depend on the length."""
        return mask is None and (self.padding == "valid" or self.strides[0] == 1)

    def _padded(self, x, value):
        if self.padding == "valid":
            return x
        return ops.pad(x, ((0, 0), padding_widths(self.pool_size[0]), (0, 0)), constant_values=value)

    def compute_mask(self, inputs, mask=None):
        return through_pool(mask, self.pool_size[0], self.strides[0], self.padding)

    def compute_output_shape(self, input_shape):
        n_steps = output_length(input_shape[1], self.pool_size[0], self.strides[0], padding=self.padding)
        if n_steps == 0:
            fewest = self.pool_size[0] if self.padding == "valid" else 1
            raise ValueError(
                f"{self.name} requires at least {fewest} steps under padding={self.padding!r}, got {input_shape[1]}; take "
                "a shorter pool or pad the cases."
            )
        return (input_shape[0], n_steps, input_shape[2])

    def get_config(self):
        config = super().get_config()
        del config["data_format"]
        return config


def _check_padding(padding):
    if padding not in ("valid", "same"):
        raise ValueError(f"padding of a local pool must be 'valid' or 'same', got {padding!r}; choose one of these.")


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedMaxPooling1D(_MaskedPooling, keras.layers.MaxPooling1D):
    """Take the largest real value of every window of a few steps.

    Parameters
    ----------
    pool_size : int, default=2
        Steps in a window, at least 1.
    strides : int, optional
        Steps between two windows; `pool_size` if not given.
    padding : {"valid", "same"}, default="valid"
        "valid" keeps the windows all of whose steps are real; "same" sets
        `geometry.padding_widths` of empty steps around the sequence.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If an argument is out of its range, or no window fits into the cases.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaskedMaxPooling1D
    >>> x, mask = np.array([[[1.0], [-2.0], [-3.0], [9.0]]], "float32"), np.array([[True, True, True, False]])
    >>> np.asarray(MaskedMaxPooling1D(2, padding="same")(x, mask=mask)).ravel().tolist()
    [1.0, -3.0]

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, `geometry.output_length`, channels).
    Mask: passed on by `masks.through_pool`; hidden output steps are 0.
    Backend: all; without a mask it costs what `keras.layers.MaxPooling1D` costs.
    Differs: from `keras.layers.MaxPooling1D`, whose "same" padding with strides depends on the length of the batch.
    """

    def __init__(self, pool_size=2, strides=None, padding="valid", **kwargs):
        _check_padding(padding)
        pool_size = size("pool_size", pool_size)
        strides = pool_size if strides is None else size("strides", strides)
        super().__init__(pool_size, strides=strides, padding=padding, data_format="channels_last", **kwargs)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        if self._is_native(mask):
            return super().call(inputs)
        if mask is not None:
            inputs = ops.where(ops.expand_dims(mask, -1), inputs, -float("inf"))
        padded = self._padded(inputs, -float("inf"))
        outputs = ops.max_pool(padded, self.pool_size, self.strides, padding="valid", data_format=self.data_format)
        return zero_hidden(outputs, self.compute_mask(inputs, mask))


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedAveragePooling1D(_MaskedPooling, keras.layers.AveragePooling1D):
    """Take the mean of the real values of every window of a few steps.

    Parameters
    ----------
    pool_size : int
        Steps in a window, at least 1.
    strides : int, optional
        Steps between two windows; `pool_size` if not given.
    padding : {"valid", "same"}, default="valid"
        "valid" keeps the windows all of whose steps are real; "same" sets
        `geometry.padding_widths` of empty steps around the sequence.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If an argument is out of its range, or no window fits into the cases.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaskedAveragePooling1D
    >>> x, mask = np.array([[[1.0], [2.0], [4.0], [9.0]]], "float32"), np.array([[True, True, True, False]])
    >>> np.asarray(MaskedAveragePooling1D(2, padding="same")(x, mask=mask)).ravel().tolist()
    [1.5, 4.0]

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, `geometry.output_length`, channels).
    Mask: passed on by `masks.through_pool`; hidden output steps are 0.
    Backend: all; without a mask it costs what `keras.layers.AveragePooling1D` costs.
    Differs: from `keras.layers.AveragePooling1D`, whose "same" padding with strides depends on the length of the
    batch.
    """

    def __init__(self, pool_size, strides=None, padding="valid", **kwargs):
        _check_padding(padding)
        pool_size = size("pool_size", pool_size)
        strides = pool_size if strides is None else size("strides", strides)
        super().__init__(pool_size, strides=strides, padding=padding, data_format="channels_last", **kwargs)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        if self._is_native(mask):
            return super().call(inputs)
        means = self._window_means(zero_hidden(inputs, mask))
        if self.padding == "same":
            real = ops.ones_like(inputs[:1, :, 0], dtype="bool") if mask is None else mask
            share = self._window_means(ops.cast(ops.expand_dims(real, -1), means.dtype))
            means = means / ops.where(share > 0, share, 1)
        return zero_hidden(means, self.compute_mask(inputs, mask))

    def _window_means(self, x):
        padded = self._padded(x, 0)
        return ops.average_pool(padded, self.pool_size, self.strides, padding="valid", data_format=self.data_format)
