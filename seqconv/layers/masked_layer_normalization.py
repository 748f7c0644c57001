"""Layer normalization of real steps."""

from typing import Any

import keras

from seqconv.layers.slots import as_floats
from seqconv.masks import zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedLayerNormalization(keras.layers.LayerNormalization):
    """Normalize each step by the mean and variance of its channels.

    Parameters
    ----------
    epsilon : float, default=1e-3
        Number added to the variance.
    center, scale : bool, default=True
        Whether to add a trained offset, and to multiply by a trained factor.
    **kwargs
        All other arguments of `keras.layers.LayerNormalization`.

    Raises
    ------
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.
    ValueError
        If `axis` is not -1 or 2, the channels.

    Notes
    -----
    Shape: (batch, steps, channels) to the same.
    Mask: passed on unchanged; what is under it changes no gradient.
    Backend: all; without a mask it is `keras.layers.LayerNormalization`.

    References
    ----------
    Ba, Kiros and Hinton (2016), "Layer normalization", equation 4.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaskedLayerNormalization
    >>> y = MaskedLayerNormalization(epsilon=1e-6)(np.array([[[1.0, 3.0]]], "float32"))
    >>> np.asarray(y).round(3).tolist()
    [[[-1.0, 1.0]]]
    """

    def __init__(self, epsilon: float = 1e-3, center: bool = True, scale: bool = True, **kwargs: Any) -> None:
        super().__init__(epsilon=epsilon, center=center, scale=scale, **kwargs)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        if self.axis not in (-1, 2, [-1], [2]):
            raise ValueError(f"axis must be -1 or 2, that of the channels, got {self.axis}.")
        super().build(input_shape)

    def call(self, inputs: Any, mask: Any = None) -> Any:
        return super().call(zero_hidden(as_floats(inputs, self.compute_dtype), mask))
