"""Batch normalization over the real steps."""

import keras
from keras import ops

from seqconv.masks import zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedBatchNormalization(keras.layers.BatchNormalization):
    """Normalise every feature by its mean and variance over the real steps of the batch.

    Parameters
    ----------
    momentum : float, default=0.99
        Share of the old moving statistics that is kept at each training step, 0 to 1.
    epsilon : float, default=1e-3
        Added to the variance.
    center, scale : bool, default=True
        Add a trained offset; multiply by a trained factor.
    beta_initializer, gamma_initializer, moving_mean_initializer, moving_variance_initializer, beta_regularizer, \
gamma_regularizer, beta_constraint, gamma_constraint
        As of `keras.layers.BatchNormalization`.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaskedBatchNormalization
    >>> x, mask = np.array([[[1.0], [3.0], [99.0]]], "float32"), np.array([[True, True, False]])
    >>> y = MaskedBatchNormalization(epsilon=1e-6)(x, training=True, mask=mask)
    >>> np.asarray(y)[0, :2, 0].round(3).tolist()
    [-1.0, 1.0]

    Notes
    -----
    Shape: (batch, steps, channels) to the same.
    Mask: only real steps count in the moments; passed on unchanged. A batch without a real step leaves the moving
    statistics as they are.
    Backend: all; without a mask it is `keras.layers.BatchNormalization`.
    Differs: from `keras.layers.BatchNormalization`, which divides by the count plus a small number.

    References
    ----------
    Ioffe, Szegedy (2015), Batch normalization, algorithm 1.
    """

    def __init__(
        self,
        momentum=0.99,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        moving_mean_initializer="zeros",
        moving_variance_initializer="ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        **kwargs,
    ):
        super().__init__(
            axis=-1,
            momentum=momentum,
            epsilon=epsilon,
            center=center,
            scale=scale,
            beta_initializer=beta_initializer,
            gamma_initializer=gamma_initializer,
            moving_mean_initializer=moving_mean_initializer,
            moving_variance_initializer=moving_variance_initializer,
            beta_regularizer=beta_regularizer,
            gamma_regularizer=gamma_regularizer,
            beta_constraint=beta_constraint,
            gamma_constraint=gamma_constraint,
            **kwargs,
        )

    def call(self, inputs, training=None, mask=None):
        inputs = zero_hidden(inputs, mask)
        if mask is None or not (training and self.trainable):
            return super().call(inputs, training=training)
        x = ops.cast(inputs, keras.backend.result_type(inputs.dtype, "float32"))
        mean, variance, any_real = _masked_moments(x, mask)
        for moving, new in ((self.moving_mean, mean), (self.moving_variance, variance)):
            momentum = ops.cast(ops.where(any_real, self.momentum, 1.0), moving.dtype)
            moving.assign(moving * momentum + ops.cast(new, moving.dtype) * (1.0 - momentum))
        outputs = ops.batch_normalization(
            x, mean, variance, axis=-1, offset=self.beta, scale=self.gamma, epsilon=self.epsilon
        )
        return ops.cast(outputs, self.compute_dtype)

    def get_config(self):
        config = super().get_config()
        for name in ("axis", "synchronized", "renorm", "renorm_clipping", "renorm_momentum"):
            config.pop(name, None)
        return config


def _masked_moments(x, mask):
    """Mean and variance over the real steps of the whole batch, and whether there is one; `x` is 0 where hidden."""
    count = ops.sum(ops.cast(mask, x.dtype))
    divisor = ops.maximum(count, 1)
    mean = ops.sum(x, axis=(0, 1)) / divisor  # (channels,)
    variance = ops.sum(ops.square(zero_hidden(x - mean, mask)), axis=(0, 1)) / divisor
    return mean, variance, count > 0
