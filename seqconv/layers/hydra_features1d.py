"""Features of Hydra's competing kernels."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from seqconv.arguments import flag, whole
from seqconv.layers.fixed_kernels import CENTRE, N_TAPS, halves, margins_added, prepared, responses, shifted
from seqconv.layers.sizes import check_not_empty

N_KERNELS = 8


@keras.saving.register_keras_serializable(package="seqconv")
class HydraFeatures1D(keras.layers.Layer):
    """Features of Hydra: how much and how often each of eight random kernels wins over the others of its group.

    At each real step the kernel with the largest response of its group has this response added to its sum. The one
    with the smallest response is counted. Sums and counts are then scaled as sparse features.

    Parameters
    ----------
    dilations : sequence of int
        Steps between two taps, each at least 1; see `geometry.hydra_dilations`.
    n_groups : int, default=32
        Groups of eight kernels at each dilation, at least 1.
    difference : bool, default=False
        Whether to take the first difference of the series before.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `dilations` is empty, or holds anything but integers of at least 1.
        If `n_groups` is not an integer of at least 1.
    TypeError
        If `difference` is not True or False.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, dilations * 2 * n_groups * 8): dilation, sums before counts, group, kernel.
    Mask: hidden steps are zeroed first and do not count; consumed.
    Backend: all; computes in float32 also under mixed precision, and where products are rounded to fewer bits.
    Of equal responses the first kernel wins. A feature is (root - `centre`) / `scale` of the root of a sum or count that
    is above 0, else 0. The weights are not trained: `kernels`, (dilations, groups, 8, 9), drawn at random, each with sum 0; `channels`,
    (dilations, groups, channels), the factors of the channels that each group sums; `centre` and `scale`, (features,).
    Differs: the paper takes the difference for one half of the groups; here it is another layer.

    References
    ----------
    Dempster, Schmidt and Webb (2023), "Hydra: competing convolutional kernels for fast and accurate time series
    classification", section 3.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import HydraFeatures1D
    >>> tuple(HydraFeatures1D([1, 2], n_groups=4)(np.zeros((5, 20, 1), "float32")).shape)
    (5, 128)
    """

    def __init__(self, dilations: Sequence[int], n_groups: int = 32, difference: bool = False, **kwargs: Any) -> None:
        super().__init__(autocast=False, **kwargs)
        self.dilations = [whole("each of dilations", one, 1) for one in dilations]
        if not self.dilations:
            raise ValueError("dilations must hold at least one integer, got an empty sequence.")
        self.n_groups = whole("n_groups", n_groups, 1)
        self.difference = flag("difference", difference)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        fixed = {"dtype": "float32", "trainable": False, "autocast": False}
        groups = (len(self.dilations), self.n_groups)
        self.kernels = self.add_weight((*groups, N_KERNELS, N_TAPS), _drawn, name="kernels", **fixed)
        self.channels = self.add_weight((*groups, input_shape[-1]), "ones", name="channels", **fixed)
        self.centre = self.add_weight((self._n_features(),), "zeros", name="centre", **fixed)
        self.scale = self.add_weight((self._n_features(),), "ones", name="scale", **fixed)

    def call(self, inputs: Any, mask: Any = None) -> Any:
        check_not_empty(self.name, inputs)
        x, real = prepared(inputs, mask, self.difference)
        n_dilations, n_channels = len(self.dilations), x.shape[-1]
        # No -1: PyTorch rejects it where there are no steps.
        n_cases, n_steps = ops.shape(x)[:2]
        taps = ops.concatenate([self.kernels[..., :CENTRE], self.kernels[..., CENTRE + 1 :]], axis=-1)
        # (dilations, 8 taps, channels, kernels, groups)
        taps = ops.transpose(ops.expand_dims(taps, -1), (0, 3, 4, 2, 1))
        channels = ops.expand_dims(ops.expand_dims(ops.transpose(self.channels, (0, 2, 1)), 2), 1)
        kernels = ops.reshape(taps * channels, (n_dilations, 1, (N_TAPS - 1) * n_channels, N_KERNELS * self.n_groups))
        # Each half of the series meets each half of the kernels.
        high, low = halves(kernels)
        kernels = ops.concatenate([high, high, low, low], axis=2)
        padded = margins_added(x, self.dilations)
        weight = None if real is None else ops.reshape(ops.cast(real, "float32"), (n_cases, n_steps, 1, 1))
        found = []
        for i, dilation in enumerate(self.dilations):
            z = responses(shifted(padded, dilation, self.dilations), kernels[i])
            z = ops.reshape(z, (n_cases, n_steps, N_KERNELS, self.n_groups))
            found += _sums_and_counts(z, weight)
        # (batch, dilations * 2, groups, kernels)
        sums = ops.transpose(ops.stack(found, axis=1), (0, 1, 3, 2))
        sums = ops.reshape(sums, (-1, self._n_features()))
        is_positive = sums > 0
        # The root of 0 has no gradient.
        roots = ops.sqrt(ops.where(is_positive, sums, 1))
        return ops.cast(ops.where(is_positive, (roots - self.centre) / self.scale, 0), self.compute_dtype)

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        return None

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return (input_shape[0], self._n_features())

    def get_config(self) -> dict[str, Any]:
        own = ("dilations", "n_groups", "difference")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}

    def _n_features(self):
        return len(self.dilations) * 2 * self.n_groups * N_KERNELS


def _drawn(shape, dtype=None):
    """Draw kernels with sum 0, and absolute values of sum 1."""
    kernels = keras.random.normal(shape, dtype=dtype)
    kernels = kernels - ops.mean(kernels, axis=-1, keepdims=True)
    return kernels / ops.sum(ops.abs(kernels), axis=-1, keepdims=True)


def _sums_and_counts(z, weight):
    """Return the sums of largest responses and the counts of smallest ones, each (batch, kernels, groups).

    `z` is (batch, steps, kernels, groups), `weight` None or (batch, steps, 1, 1) with 1 for real steps, else 0.
    """
    if z.shape[1] == 0:
        return [ops.sum(z, axis=1)] * 2  # zeros: backends disagree on the extremes of nothing
    number = ops.reshape(ops.arange(N_KERNELS, dtype="float32"), (-1, 1))
    won = []
    # With `initial`, because TensorFlow rejects no steps without it, also where their number is known only later.
    largest = ops.max(z, axis=2, keepdims=True, initial=-3e38)
    smallest = ops.min(z, axis=2, keepdims=True, initial=3e38)
    for best in (largest, smallest):
        # No argmax: Keras compiles it to operations on bits, which ONNX does not have.
        first = ops.min(ops.where(ops.equal(z, best), number, N_KERNELS), axis=2, keepdims=True, initial=N_KERNELS)
        winner = ops.cast(ops.equal(number, first), "float32")
        won.append(winner if weight is None else winner * weight)
    return [ops.sum(won[0] * z, axis=1), ops.sum(won[1], axis=1)]
