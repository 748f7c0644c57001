"""Exchange of the two factors of the channels."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import whole
from seqconv.layers.sizes import check_has_steps
from seqconv.layers.slots import as_floats
from seqconv.masks import zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class ChannelShuffle(keras.layers.Layer):
    """Reorder channels from group after group to place after place.

    Parameters
    ----------
    groups : int
        Number of groups, which divides the channels.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `groups` is not an integer of at least 1, or does not divide the channels.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to the same.
    Mask: passed on unchanged.
    Backend: all.

    References
    ----------
    Zhang, Zhou, Lin and Sun (2018), "ShuffleNet: an extremely efficient convolutional neural network for mobile
    devices", section 3.1.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import ChannelShuffle
    >>> np.asarray(ChannelShuffle(2)(np.array([[[1.0, 2.0, 3.0, 10.0, 20.0, 30.0]]]))).tolist()
    [[[1.0, 10.0, 2.0, 20.0, 3.0, 30.0]]]
    """

    def __init__(self, groups: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.groups = whole("groups", groups, 1)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        if input_shape[-1] % self.groups:
            raise ValueError(
                f"groups must divide the channels, got {self.groups} groups and {input_shape[-1]} channels."
            )

    def call(self, inputs: Any, mask: Any = None) -> Any:
        check_has_steps(self.name, inputs)
        x = zero_hidden(as_floats(inputs, self.compute_dtype), mask)
        n_steps, n_channels = ops.shape(x)[1], x.shape[2]
        grouped = ops.reshape(x, (-1, n_steps, self.groups, n_channels // self.groups))
        return ops.reshape(ops.transpose(grouped, (0, 1, 3, 2)), (-1, n_steps, n_channels))

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "groups": self.groups}
