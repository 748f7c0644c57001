"""Transpose of a given convolution."""

from typing import Any

import keras
from keras import ops

from seqconv.geometry import padding_widths
from seqconv.layers.masked_conv1d import MaskedConv1D
from seqconv.layers.sizes import check_has_steps
from seqconv.layers.slots import as_floats
from seqconv.masks import checked, through_convolution, zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class TransposedFilters1D(keras.layers.Layer):
    """Project features back to the channels of a convolution, by its own filters turned around; nothing is trained.

    Parameters
    ----------
    convolution : MaskedConv1D
        The convolution, built, with one group and strides of 1. Its filters are used as they are at the time of a call;
        its bias and activation are not.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    TypeError
        If `convolution` is not a `MaskedConv1D`.
    ValueError
        If it has strides or groups, or is not built.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, output steps, filters) to (batch, steps, channels) of the convolution.
    Mask: hidden steps are zeroed first. Under "same" and "causal" it is passed on unchanged. Under "valid" a step is real
    if a real step saw it, under "full" if all steps that saw it are real.
    Backend: all.
    Differs: a model that holds the convolution and this layer is loaded with two copies of the filters.

    References
    ----------
    Zeiler and Fergus (2014), "Visualizing and understanding convolutional networks", section 2.1.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaskedConv1D, TransposedFilters1D
    >>> convolution = MaskedConv1D(4, 3)
    >>> features = convolution(np.zeros((2, 10, 6), "float32"))
    >>> tuple(TransposedFilters1D(convolution)(features).shape)
    (2, 10, 6)
    """

    def __init__(self, convolution: MaskedConv1D, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if type(convolution) is not MaskedConv1D:
            raise TypeError(f"convolution must be a MaskedConv1D, got {type(convolution).__name__}.")
        if convolution.strides[0] != 1 or convolution.groups != 1:
            raise ValueError(
                f"convolution must have strides=1 and groups=1, got {convolution.strides[0]} and {convolution.groups}."
            )
        if not convolution.built:
            raise ValueError("convolution must be built, so that it has filters; call it first.")
        self.convolution = convolution
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        check_has_steps(self.name, inputs)
        x = zero_hidden(as_floats(inputs, self.compute_dtype), mask)
        kernel = ops.stop_gradient(ops.convert_to_tensor(self.convolution.kernel))
        kernel = ops.flip(ops.transpose(kernel, (0, 2, 1)), axis=0)  # (taps, filters, channels)
        x = ops.pad(x, ((0, 0), self._widths(), (0, 0)))
        rate = self.convolution.dilation_rate
        return ops.conv(
            x, ops.cast(kernel, x.dtype), 1, padding="valid", data_format="channels_last", dilation_rate=rate
        )

    def _widths(self):
        """Return the padding on both sides that brings the length back."""
        taps, rate = self.convolution.kernel_size[0], self.convolution.dilation_rate[0]
        reach = (taps - 1) * rate
        left, right = padding_widths(taps, rate, self.convolution.padding)
        return reach - left, reach - right

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        backward = {"valid": "full", "full": "valid"}.get(self.convolution.padding, "same")
        mask = None if mask is None else checked(mask, inputs)
        taps, rate = self.convolution.kernel_size[0], self.convolution.dilation_rate[0]
        return through_convolution(mask, taps, 1, rate, backward)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        n_cases, n_steps, _ = input_shape
        taps, rate = self.convolution.kernel_size[0], self.convolution.dilation_rate[0]
        grown = sum(self._widths()) - (taps - 1) * rate
        n_channels = self.convolution.kernel.shape[1]
        return (n_cases, None if n_steps is None else n_steps + grown, n_channels)

    def get_config(self) -> dict[str, Any]:
        n_channels = self.convolution.kernel.shape[1]
        return {**super().get_config(), "convolution": self.convolution.get_config(), "n_channels": n_channels}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "TransposedFilters1D":
        config = dict(config)
        convolution = MaskedConv1D.from_config(config.pop("convolution"))
        convolution.build((None, None, config.pop("n_channels")))
        return cls(convolution, **config)
