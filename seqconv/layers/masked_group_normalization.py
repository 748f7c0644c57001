"""Group normalization over the real steps of a case."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import flag, number, whole
from seqconv.layers.sizes import check_has_steps
from seqconv.layers.slots import as_floats
from seqconv.masks import n_real, zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedGroupNormalization(keras.layers.Layer):
    """Normalize groups of channels of each case by their mean and variance over its real steps.

    Parameters
    ----------
    groups : int, default=32
        Number of groups, which divides the channels. -1 makes each channel a group: instance normalization.
    epsilon : float, default=1e-3
        Number added to the variance, above 0.
    center, scale : bool, default=True
        Whether to add a trained offset, and to multiply by a trained factor, one for each channel.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If an argument is out of its range, or `groups` does not divide the channels.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to the same.
    Mask: only real steps count in the moments; passed on unchanged.
    Backend: all; moments in float32 under mixed precision.
    Differs: `keras.layers.GroupNormalization` counts padding in the moments.

    References
    ----------
    Wu and He (2018), "Group normalization", equation 7. Ulyanov, Vedaldi and Lempitsky (2016), "Instance normalization:
    the missing ingredient for fast stylization".

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaskedGroupNormalization
    >>> x, mask = np.array([[[1.0], [3.0], [99.0]]], "float32"), np.array([[True, True, False]])
    >>> np.asarray(MaskedGroupNormalization(1, epsilon=1e-6)(x, mask=mask))[0, :2, 0].round(3).tolist()
    [-1.0, 1.0]
    """

    def __init__(
        self, groups: int = 32, epsilon: float = 1e-3, center: bool = True, scale: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.groups = groups if groups == -1 else whole("groups", groups, 1)
        self.epsilon = number("epsilon", epsilon, above=0)
        self.center = flag("center", center)
        self.scale = flag("scale", scale)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        n_channels = input_shape[-1]
        if self.groups != -1 and n_channels % self.groups:
            raise ValueError(f"groups must divide the channels, got {self.groups} groups and {n_channels} channels.")
        self.gamma = self.add_weight((n_channels,), "ones", name="gamma") if self.scale else None
        self.beta = self.add_weight((n_channels,), "zeros", name="beta") if self.center else None

    def call(self, inputs: Any, mask: Any = None) -> Any:
        check_has_steps(self.name, inputs)
        inputs = zero_hidden(as_floats(inputs, self.compute_dtype), mask)
        x = ops.cast(inputs, keras.backend.result_type(inputs.dtype, "float32"))
        n_groups = x.shape[-1] if self.groups == -1 else self.groups
        n_steps, per_group = ops.shape(x)[1], x.shape[-1] // n_groups
        grouped = ops.reshape(x, (-1, n_steps, n_groups, per_group))
        count = ops.cast(ops.maximum(n_steps if mask is None else n_real(mask), 1) * per_group, x.dtype)
        count = ops.reshape(count, (-1, 1, 1, 1))
        mean = ops.sum(grouped, axis=(1, 3), keepdims=True) / count
        apart = grouped - mean
        if mask is not None:
            apart = ops.reshape(zero_hidden(ops.reshape(apart, (-1, n_steps, x.shape[-1])), mask), ops.shape(grouped))
        variance = ops.sum(ops.square(apart), axis=(1, 3), keepdims=True) / count
        y = ops.reshape(apart * ops.rsqrt(variance + self.epsilon), (-1, n_steps, x.shape[-1]))
        y = y if self.gamma is None else y * ops.cast(self.gamma, x.dtype)
        y = y if self.beta is None else y + ops.cast(self.beta, x.dtype)
        return ops.cast(y, inputs.dtype)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        own = {name: getattr(self, name) for name in ("groups", "epsilon", "center", "scale")}
        return {**super().get_config(), **own}
