"""Transposed convolution of masked sequences."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import choice
from seqconv.layers.sizes import check_has_steps, size
from seqconv.layers.slots import as_floats
from seqconv.masks import as_booleans, zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedConv1DTranspose(keras.layers.Conv1DTranspose):
    """Spread each step over its window: the transpose of a convolution, which lengthens by its strides.

    Parameters
    ----------
    filters : int
        Number of features computed, at least 1.
    kernel_size : int
        Number of taps, at least 1.
    strides : int, default=1
        Output steps between the windows of two steps, at least 1.
    padding : {"valid", "same"}, default="valid"
        "valid" keeps all steps of the windows. "same" cuts to ``strides`` output steps for each step.
    activation : str or callable, optional
        Function of the sum.
    use_bias : bool, default=True
        Whether to add one trained number for each filter.
    **kwargs
        All other arguments of `keras.layers.Conv1DTranspose`, except `data_format`, `dilation_rate` and
        `output_padding`.

    Raises
    ------
    ValueError
        If an argument is out of its range.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, filters): ``steps * strides`` under "same",
    ``(steps - 1) * strides + max(kernel_size, strides)`` under "valid".
    Mask: hidden steps are zeroed first. Under "same" each step is repeated. Under "valid" an output step is real if a
    real step spreads to it.
    Backend: all.

    References
    ----------
    Zeiler, Krishnan, Taylor and Fergus (2010), "Deconvolutional networks", equation 1.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaskedConv1DTranspose
    >>> tuple(MaskedConv1DTranspose(4, 3, strides=2, padding="same")(np.zeros((2, 5, 6))).shape)
    (2, 10, 4)
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int,
        strides: int = 1,
        padding: str = "valid",
        activation: Any = None,
        use_bias: bool = True,
        **kwargs: Any,
    ) -> None:
        for name, only in (
            ("data_format", (None, "channels_last")),
            ("dilation_rate", (1, (1,), [1])),
            ("output_padding", (None,)),
        ):
            if kwargs.pop(name, only[0]) not in only:
                raise ValueError(f"{name} of {type(self).__name__} must be left out.")
        super().__init__(
            size("filters", filters),
            size("kernel_size", kernel_size),
            size("strides", strides),
            choice("padding", padding.lower() if isinstance(padding, str) else padding, ("valid", "same")),
            data_format="channels_last",
            activation=activation,
            use_bias=use_bias,
            **kwargs,
        )
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        super().build(input_shape)
        # Keras's own specification accepts four dimensions.
        self.input_spec = keras.layers.InputSpec(ndim=3, axes={-1: input_shape[-1]})

    def call(self, inputs: Any, mask: Any = None) -> Any:
        check_has_steps(self.name, inputs)
        return super().call(zero_hidden(as_floats(inputs, self.compute_dtype), mask))

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        if mask is None:
            return None
        repeated = ops.repeat(as_booleans(mask), self.strides[0], axis=1)
        surplus = max(self.kernel_size[0] - self.strides[0], 0)
        if self.padding == "same" or surplus == 0:
            return repeated
        # Real where one of the last `surplus + 1` steps of this, itself included, is.
        wide = ops.pad(ops.cast(ops.expand_dims(repeated, -1), "float32"), ((0, 0), (surplus, surplus), (0, 0)))
        found = ops.max_pool(wide, surplus + 1, strides=1, padding="valid", data_format="channels_last")
        return ops.squeeze(found, -1) > 0.5
