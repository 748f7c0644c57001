"""Features of the kernels of MiniRocket and MultiRocket."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import keras
from keras import ops

from seqconv.arguments import choice, flag, whole
from seqconv.layers.fixed_kernels import CENTRE, N_TAPS, margins_added, prepared, responses, shifted
from seqconv.layers.rocket_pools import LOW, longest, sums
from seqconv.layers.sizes import check_not_empty
from seqconv.layers.slots import lengths_of

N_KERNELS, HALF = 84, 42
POOLS = ("proportion", "longest", "mean", "index")
# The kernels of even number, then those of odd number: one half is padded, the other is not.
ORDER = (*range(0, N_KERNELS, 2), *range(1, N_KERNELS, 2))


@keras.saving.register_keras_serializable(package="seqconv")
class RocketFeatures1D(keras.layers.Layer):
    """Features of MiniRocket and MultiRocket: how the responses of 84 fixed kernels compare with thresholds.

    The kernels have nine taps: three of weight 2, the others of weight -1. Every second kernel is padded, so all real
    steps of a case count. For the others a step counts only if all nine taps lie on real steps.

    Parameters
    ----------
    dilations : sequence of int
        Steps between two taps, each at least 1; see `geometry.rocket_dilations`.
    counts : sequence of int
        Thresholds of a kernel, one entry for each dilation, each at least 1.
    pools : sequence of {"proportion", "longest", "mean", "index"}, default=("proportion",)
        "proportion" is the share of the counting steps whose response is above the threshold. "longest" is the
        longest run of such steps. "mean" is the mean of response minus threshold over them. "index" is their mean
        position, -1 if there are none; kernels without padding count from their first whole window.
    difference : bool, default=False
        Whether to take the first difference of the series before.
    compat : {"corrected", "reference"}, default="corrected"
        "reference" computes what the published code of MultiRocket computes.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `dilations` or `counts` holds anything but integers of at least 1.
        If their lengths differ, or are 0.
        If `pools` is empty, repeats a pool or names an unknown one.
        If `compat` is not one of its choices.
    TypeError
        If `difference` is not True or False.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, pools * 84 * sum of `counts`): pool, dilation, kernel, threshold.
    Mask: hidden steps are zeroed first and do not count; consumed.
    Backend: all; computes in float32 also under mixed precision, and where products are rounded to fewer bits.
    Differs: `compat="reference"` keeps what the published code does otherwise. "mean" adds the threshold instead of
    subtracting it. "longest" is the largest distance between steps below the threshold, the first and the last step.
    The four left taps of a first difference read one step too late. Hidden steps are not below.
    The weights are not trained: `thresholds`, (84 * sum of `counts`,), in the order of the features of one pool, and
    `channels`, (dilations * 84, channels), the factors of the channels that each kernel sums.

    References
    ----------
    Dempster, Schmidt and Webb (2021), "MiniRocket: a very fast (almost) deterministic transform for time series
    classification", section 3. Tan, Dempster, Bergmeir and Webb (2022), "MultiRocket: multiple pooling operators and
    transformations for fast and effective time series classification", section 3.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import RocketFeatures1D
    >>> layer = RocketFeatures1D([1, 2], [3, 1], pools=["proportion", "longest"])
    >>> tuple(layer(np.zeros((5, 20, 1), "float32")).shape)
    (5, 672)
    """

    def __init__(
        self,
        dilations: Sequence[int],
        counts: Sequence[int],
        pools: Sequence[str] = ("proportion",),
        difference: bool = False,
        compat: str = "corrected",
        **kwargs: Any,
    ) -> None:
        super().__init__(autocast=False, **kwargs)
        self.dilations = [whole("each of dilations", one, 1) for one in dilations]
        self.counts = [whole("each of counts", one, 1) for one in counts]
        if len(self.dilations) != len(self.counts) or not self.dilations:
            raise ValueError(
                "dilations and counts must be of one length, at least 1, "
                f"got {len(self.dilations)} and {len(self.counts)}."
            )
        self.pools = [choice("each of pools", one, POOLS) for one in pools]
        if not self.pools or len(set(self.pools)) < len(self.pools):
            raise ValueError(f"pools must name at least one pool, each once, got {pools!r}.")
        self.difference = flag("difference", difference)
        self.compat = choice("compat", compat, ("corrected", "reference"))
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        fixed = {"dtype": "float32", "trainable": False, "autocast": False}
        self.thresholds = self.add_weight((N_KERNELS * sum(self.counts),), "zeros", name="thresholds", **fixed)
        shape = (len(self.dilations) * N_KERNELS, input_shape[-1])
        self.channels = self.add_weight(shape, "ones", name="channels", **fixed)

    def call(self, inputs: Any, mask: Any = None) -> Any:
        check_not_empty(self.name, inputs)
        x, real = prepared(inputs, mask, self.difference)
        places, columns, parts = _layout(self.counts)
        thresholds = ops.take(self.thresholds, places, axis=0)  # in the order of computation
        z, n_counting = self._responses(x, real)
        n_counting = ops.take(n_counting, parts, axis=1)  # (batch or 1, features)
        is_reference = self.compat == "reference"
        found = {"above": [], "mean": [], "index": []}
        margins, start = self._margins(), 0
        for part, margin in enumerate(margins):
            i, half = divmod(part, 2)
            end = start + HALF * self.counts[i]
            b = ops.reshape(thresholds[start:end], (-1, 1, HALF))
            z_half = z[i][:, :, margin : -margin or None, half * HALF : half * HALF + HALF]
            for name, chunks in sums(z_half, b, self.pools, is_reference).items():
                found[name] += chunks
            start = end
        pools = {}
        if "longest" in self.pools:
            joined = ops.concatenate([one[:, 0] for one in z], axis=-1)
            length = ops.shape(x)[1] if real is None else lengths_of(real)
            of_feature = [margins[part] for part in parts]
            pools["longest"] = longest(joined, thresholds, columns, of_feature, length, is_reference)
            if is_reference:
                pools["longest"] = ops.where(n_counting > 0, pools["longest"], 0)
        found = {
            name: ops.reshape(ops.concatenate(chunks, axis=1), (-1, len(places)))
            for name, chunks in found.items()
            if chunks
        }
        n_above = ops.maximum(found["above"], 1)
        if "proportion" in self.pools:
            pools["proportion"] = found["above"] / ops.maximum(n_counting, 1)
        if "mean" in self.pools:
            pools["mean"] = found["mean"] / n_above
        if "index" in self.pools:
            pools["index"] = ops.where(found["above"] > 0, found["index"] / n_above, -1)
        order = _inverse(places)
        features = [ops.take(pools[name], order, axis=1) for name in self.pools]
        return ops.cast(ops.concatenate(features, axis=1), self.compute_dtype)

    def _margins(self):
        """Return the steps without a whole window at either end, 0 for padded kernels, for each dilation and half."""
        return [4 * d * ((i + half) % 2) for i, d in enumerate(self.dilations) for half in range(2)]

    def _responses(self, x, real):
        """Return the responses and the number of steps that count.

        The responses are (batch, 1, steps, 84) at each dilation, with the kernels in the order of `ORDER`, and `LOW`
        where a step does not count. The numbers are (batch or 1, 2 * dilations).
        """
        is_early = self.difference and self.compat == "reference"
        n_dilations, n_channels = len(self.dilations), x.shape[-1]
        rows = [i * N_KERNELS + k for i in range(n_dilations) for k in ORDER]
        channels = ops.reshape(ops.take(self.channels, rows, axis=0), (n_dilations, 1, N_KERNELS, n_channels))
        # (dilations, 8, channels, 84)
        kernels = ops.convert_to_tensor(_weights(), "float32") * ops.transpose(channels, (0, 1, 3, 2))
        kernels = ops.reshape(kernels, (n_dilations, 1, (N_TAPS - 1) * n_channels, N_KERNELS))
        kernels = ops.tile(kernels, (1, 1, 2, 1))  # for both halves of the series
        padded = margins_added(x, self.dilations)
        z = [
            ops.expand_dims(responses(shifted(padded, dilation, self.dilations, is_early), kernels[i]), 1)
            for i, dilation in enumerate(self.dilations)
        ]
        margins = ops.convert_to_tensor(self._margins(), "float32")
        if real is None:
            return z, ops.expand_dims(ops.cast(ops.shape(x)[1], "float32") - 2 * margins, 0)
        observed = ops.expand_dims(ops.cast(real, "float32"), -1)  # (batch, steps, 1)
        n_real, numbers = ops.sum(observed, axis=1), []  # (batch, 1)
        real = ops.expand_dims(ops.expand_dims(real, 1), -1)  # (batch, 1, steps, 1)
        is_padded = [real & ops.convert_to_tensor([k // HALF == half for k in range(N_KERNELS)]) for half in range(2)]
        observed = margins_added(observed, self.dilations)
        for i, dilation in enumerate(self.dilations):
            taps = ops.concatenate(shifted(observed, dilation, self.dilations), axis=-1)
            whole_window = ops.sum(taps, axis=-1, keepdims=True) > N_TAPS - 0.5  # (batch, steps, 1)
            n_whole = ops.sum(ops.cast(whole_window, "float32"), axis=1)
            numbers += [n_whole, n_real] if i % 2 else [n_real, n_whole]
            counting = ops.logical_or(ops.expand_dims(whole_window, 1), is_padded[i % 2])
            z[i] = ops.where(counting, z[i], LOW)
        return z, ops.concatenate(numbers, axis=1)

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        return None

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return (input_shape[0], len(self.pools) * N_KERNELS * sum(self.counts))

    def get_config(self) -> dict[str, Any]:
        own = ("dilations", "counts", "pools", "difference", "compat")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}


def _weights():
    """Return the weights of the taps but the centre, (8, 1, 84), the kernels in the order of `ORDER`."""
    doubled = list(combinations(range(N_TAPS), 3))
    return [[[2.0 if tap in doubled[k] else -1.0 for k in ORDER]] for tap in range(N_TAPS) if tap != CENTRE]


def _layout(counts):
    """Return the place, the column of responses and the part of each feature of a pool, in the order of computation.

    That order is dilation, half of the kernels, threshold, kernel. A part is a half at one dilation.
    """
    places, columns, parts, start = [], [], [], 0
    for i, count in enumerate(counts):
        for half in range(2):
            for q in range(count):
                places += [start + k * count + q for k in range(half, N_KERNELS, 2)]
                columns += range(i * N_KERNELS + half * HALF, i * N_KERNELS + half * HALF + HALF)
            parts += [2 * i + half] * (HALF * count)
        start += N_KERNELS * count
    return places, columns, parts


def _inverse(places):
    found = [0] * len(places)
    for i, place in enumerate(places):
        found[place] = i
    return found
