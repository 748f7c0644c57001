"""Batch normalization over the real steps."""

from typing import Any

import keras
from keras import ops

from seqconv.masks import as_booleans, zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedBatchNormalization(keras.layers.BatchNormalization):
    """Normalize every channel by its mean and variance over the real steps of the batch.

    Parameters
    ----------
    momentum : float, default=0.99
        Share of the old moving statistics that each training step keeps, 0 to 1.
    epsilon : float, default=1e-3
        Number added to the variance.
    center, scale : bool, default=True
        Whether to add a trained offset, and to multiply by a trained factor.
    axis : int, default=-1
        Axis of the channels, the last one.
    **kwargs
        All other arguments of `keras.layers.BatchNormalization`.

    Raises
    ------
    ValueError
        If `axis` is not the last axis.
    ValueError
        If the mask is not of the steps of the input.

    Notes
    -----
    Shape: (batch, steps, channels) to the same; also (batch, ..., channels).
    Mask: only real steps count in the moments; passed on unchanged. A batch without a real step leaves the moving
    statistics unchanged.
    Backend: all; without a mask it is `keras.layers.BatchNormalization`.
    Differs: `keras.layers.BatchNormalization` divides by the number of real steps plus a small number. It still does
    so here if `renorm` is True.

    References
    ----------
    Ioffe and Szegedy (2015), "Batch normalization: accelerating deep network training by reducing internal covariate
    shift", algorithm 1.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaskedBatchNormalization
    >>> x, mask = np.array([[[1.0], [3.0], [99.0]]], "float32"), np.array([[True, True, False]])
    >>> y = MaskedBatchNormalization(epsilon=1e-6)(x, training=True, mask=mask)
    >>> np.asarray(y)[0, :2, 0].round(3).tolist()
    [-1.0, 1.0]
    """

    def __init__(
        self,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        *,
        axis: int = -1,
        **kwargs: Any,
    ) -> None:
        super().__init__(axis=axis, momentum=momentum, epsilon=epsilon, center=center, scale=scale, **kwargs)

    def build(self, input_shape: Any) -> None:
        if self.axis not in (-1, len(input_shape) - 1):
            raise ValueError(f"axis must be -1 or {len(input_shape) - 1}, that of the channels, got {self.axis}.")
        super().build(input_shape)

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        inputs = zero_hidden(inputs, mask)
        if mask is None or self.renorm or not (training and self.trainable):
            return super().call(inputs, training=training, mask=mask if self.renorm else None)
        x = ops.cast(inputs, keras.backend.result_type(inputs.dtype, "float32"))
        mean, variance, any_real = _masked_moments(x, as_booleans(mask))
        for moving, new in ((self.moving_mean, mean), (self.moving_variance, variance)):
            momentum = ops.cast(ops.where(any_real, self.momentum, 1.0), moving.dtype)
            moving.assign(moving * momentum + ops.cast(new, moving.dtype) * (1.0 - momentum))
        outputs = ops.batch_normalization(
            x, mean, variance, axis=-1, offset=self.beta, scale=self.gamma, epsilon=self.epsilon
        )
        return ops.cast(outputs, self.compute_dtype)


def _masked_moments(x, mask):
    """Return mean and variance over the real steps of the batch, and whether it has one; `x` is 0 where hidden."""
    axes = tuple(range(len(x.shape) - 1))
    count = ops.sum(ops.cast(mask, x.dtype))
    divisor = ops.maximum(count, 1)
    mean = ops.sum(x, axis=axes) / divisor  # (channels,)
    variance = ops.sum(ops.square(zero_hidden(x - mean, mask)), axis=axes) / divisor
    return mean, variance, count > 0
