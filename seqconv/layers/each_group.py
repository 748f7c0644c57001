"""Layers shared by groups of channels."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from seqconv.arguments import whole
from seqconv.layers.sizes import check_has_steps
from seqconv.layers.slots import as_floats
from seqconv.masks import as_booleans, zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class EachGroup(keras.layers.Layer):
    """Apply the same layers to each group of channels, as if it was a case of its own.

    With as many groups as channels, the layers see one channel at a time, with the same weights for all: what a
    two-dimensional convolution of width 1 does.

    Parameters
    ----------
    groups : int
        Number of groups of neighbouring channels, which divides the channels.
    layers : sequence of keras.layers.Layer
        Layers applied one after the other to (batch * groups, steps, channels / groups), such as
        ``[MaskedConv1D(8, 5), MaskedBatchNormalization()]``.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `groups` is not an integer of at least 1, or does not divide the channels.
    ValueError
        If there are no layers.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, groups * features), group after group.
    Mask: as the layers pass it on.
    Backend: all.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import EachGroup, MaskedConv1D
    >>> layer = EachGroup(3, [MaskedConv1D(8, 5)])
    >>> tuple(layer(np.zeros((2, 10, 3), "float32")).shape), layer.count_params()
    ((2, 6, 24), 48)
    """

    def __init__(self, groups: int, layers: Sequence[keras.layers.Layer], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.groups = whole("groups", groups, 1)
        self.layers = list(layers)
        if not self.layers:
            raise ValueError("layers must hold at least one layer, got none.")
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        if input_shape[-1] % self.groups:
            raise ValueError(
                f"groups must divide the channels, got {self.groups} groups and {input_shape[-1]} channels."
            )
        shape = (None, input_shape[1], input_shape[-1] // self.groups)
        for layer in self.layers:
            if not layer.built:
                layer.build(shape)
            shape = layer.compute_output_shape(shape)

    def call(self, inputs: Any, mask: Any = None, training: bool | None = None) -> Any:
        check_has_steps(self.name, inputs)
        x = zero_hidden(as_floats(inputs, self.compute_dtype), mask)
        x = _as_cases(x, self.groups)
        mask = None if mask is None else ops.repeat(as_booleans(mask), self.groups, axis=0)
        for layer in self.layers:
            kwargs = {"mask": mask} if layer._call_has_mask_arg and mask is not None else {}
            kwargs |= {"training": training} if layer._call_has_training_arg else {}
            y = layer(x, **kwargs)
            x, mask = y, layer.compute_mask(x, mask)
        return ops.cast(_as_channels(x, self.groups), self.compute_dtype)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        if mask is None:
            return None
        # Each group has the mask of the case, so that it goes through the layers once.
        x = keras.KerasTensor((None, inputs.shape[1], inputs.shape[2] // self.groups))
        for layer in self.layers:
            shape = layer.compute_output_shape(x.shape)
            mask, x = layer.compute_mask(x, mask), keras.KerasTensor(shape)
        return mask

    def compute_output_shape(self, input_shape: Any) -> tuple:
        shape = (None, input_shape[1], input_shape[-1] // self.groups)
        for layer in self.layers:
            shape = layer.compute_output_shape(shape)
        return (input_shape[0], shape[1], shape[2] * self.groups)

    def get_config(self) -> dict[str, Any]:
        layers = [keras.saving.serialize_keras_object(layer) for layer in self.layers]
        for one in layers:
            one.pop("build_config", None)  # `build` makes the shapes of this layer's own input
        return {**super().get_config(), "groups": self.groups, "layers": layers}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "EachGroup":
        layers = [keras.saving.deserialize_keras_object(one) for one in config["layers"]]
        return cls(**{**config, "layers": layers})


def _as_cases(x, groups):
    """Return (batch, steps, channels) as (batch * groups, steps, channels / groups)."""
    n_steps, size = ops.shape(x)[1], x.shape[2] // groups
    grouped = ops.transpose(ops.reshape(x, (-1, n_steps, groups, size)), (0, 2, 1, 3))
    return ops.reshape(grouped, (-1, n_steps, size))


def _as_channels(x, groups):
    """Return (batch * groups, steps, features) as (batch, steps, groups * features)."""
    n_steps, size = ops.shape(x)[1], x.shape[2]
    grouped = ops.transpose(ops.reshape(x, (-1, groups, n_steps, size)), (0, 2, 1, 3))
    return ops.reshape(grouped, (-1, n_steps, groups * size))
