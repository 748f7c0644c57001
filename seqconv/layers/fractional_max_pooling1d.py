"""Max pooling that shortens by any ratio."""

import math
from fractions import Fraction
from typing import Any

import keras
from keras import ops

from seqconv.arguments import choice, flag, number, whole
from seqconv.layers.portable import lowest
from seqconv.layers.sizes import check_not_empty
from seqconv.layers.slots import as_floats, at_least_one_step, lengths_of, real_or_ones, slots

# Products of two lengths of such cases fit into int32.
_MOST_STEPS = 46_000
_FINEST = 1_000


@keras.saving.register_keras_serializable(package="seqconv")
class FractionalMaxPooling1D(keras.layers.Layer):
    """Take the maxima of regions of two neighbouring sizes, so that n steps become about n / ratio.

    The borders of the regions are drawn anew in each training step, and lie evenly otherwise.

    Parameters
    ----------
    ratio : float, default=1.414
        Steps for each output step, at least 1; rounded to a fraction of a denominator up to 1000.
    overlapping : bool, default=True
        Whether a region includes the first step of the next one.
    method : {"pseudo_random", "random"}, default="pseudo_random"
        "pseudo_random" draws one offset for a batch and spreads the longer regions evenly. "random" draws their order.
    seed : int, optional
        Seed of the draws, at least 0.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If an argument is out of its range.
    TypeError
        If `overlapping` is not True or False.
    ValueError
        If the input is not of three dimensions, has more than 46,000 steps, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, max(1, floor(steps / ratio)), channels).
    Mask: the regions divide each case up to its last real step; a region is real if any of its steps is.
    Backend: all.
    Differs: the ratio holds for each case by its own length, where the paper has one length for all.

    References
    ----------
    Graham (2014), "Fractional max-pooling", section 2.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import FractionalMaxPooling1D
    >>> x = np.array([2, 4, 3, 1, 5, 2, 3], "float32").reshape(1, 7, 1)
    >>> np.asarray(FractionalMaxPooling1D(7 / 5, overlapping=False)(x)).ravel().tolist()
    [2.0, 4.0, 1.0, 5.0, 3.0]
    """

    def __init__(
        self,
        ratio: float = 1.414,
        overlapping: bool = True,
        method: str = "pseudo_random",
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.ratio = number("ratio", ratio, 1)
        self.overlapping = flag("overlapping", overlapping)
        self.method = choice("method", method, ("pseudo_random", "random"))
        self.seed = whole("seed", seed, 0, optional=True)
        # Whole numbers, so that the number of regions is the same on every backend.
        self._fraction = _fraction(self.ratio)
        self._draws = keras.random.SeedGenerator(seed)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None, training: bool | None = None) -> Any:
        check_not_empty(self.name, inputs)
        self.compute_output_shape(inputs.shape)  # raises if there are too many steps
        x, real = at_least_one_step(
            as_floats(inputs, self.compute_dtype), real_or_ones(as_floats(inputs, self.compute_dtype), mask)
        )
        steps, within = self._steps(real, training)  # (batch, regions, widest region)
        n_regions, widest = ops.shape(steps)[1], steps.shape[2]
        flat = ops.reshape(steps, (-1, n_regions * widest, 1))
        low = ops.where(ops.expand_dims(real, -1), x, lowest())
        members = ops.reshape(ops.take_along_axis(low, flat, axis=1), (-1, n_regions, widest, x.shape[2]))
        largest = ops.max(ops.where(ops.expand_dims(within, -1), members, lowest()), axis=2)
        return ops.where(largest > lowest(), largest, 0)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return None if mask is None else _Regions(self.ratio)(real_or_ones(inputs, mask))

    def compute_output_shape(self, input_shape: Any) -> tuple:
        n_cases, n_steps, n_channels = input_shape
        if n_steps is None:
            return (n_cases, None, n_channels)
        if n_steps > _MOST_STEPS:
            raise ValueError(
                f"{self.name} requires at most {_MOST_STEPS} steps, got {n_steps}. Pool by strides before it."
            )
        return (n_cases, _n_regions(n_steps, self._fraction), n_channels)

    def get_config(self) -> dict[str, Any]:
        own = {name: getattr(self, name) for name in ("ratio", "overlapping", "method", "seed")}
        return {**super().get_config(), **own}

    def _steps(self, real, training):
        """Return the steps of each region, (batch, regions, widest region), and which of them belong to it."""
        lengths = lengths_of(real)  # (batch, 1)
        n_regions = _n_regions(real.shape[1] or ops.shape(real)[1], self._fraction)
        counts = ops.maximum(_n_regions(lengths, self._fraction), 1)
        i = ops.expand_dims(ops.arange(n_regions + 1, dtype="int32"), 0)
        if training and self.method == "random":
            borders = self._drawn_borders(lengths, counts, n_regions)
        else:
            share = keras.random.uniform((), seed=self._draws) if training else 0.5
            offset = ops.cast(ops.floor(share * ops.cast(counts, "float32")), "int32")
            borders = (lengths * i + ops.minimum(offset, counts - 1)) // counts
        borders = ops.expand_dims(ops.minimum(borders, lengths), -1)  # (batch, regions + 1, 1)
        # A region of m in n steps has at most ceil(n / m) of them, and n / m is below 2 * ratio.
        widest = math.ceil(2 * self._fraction) + self.overlapping
        steps = borders[:, :-1] + ops.arange(widest, dtype="int32")
        stop = ops.minimum(borders[:, 1:] + int(self.overlapping), ops.expand_dims(lengths, -1))
        within = ops.logical_and(steps < stop, ops.expand_dims(i[:, :-1] < counts, -1))
        return ops.minimum(steps, ops.shape(real)[1] - 1), within

    def _drawn_borders(self, lengths, counts, n_regions):
        """Return borders, (batch, regions + 1), between regions of two sizes in random order."""
        i = ops.expand_dims(ops.arange(n_regions, dtype="int32"), 0)
        keys = keras.random.uniform((1, n_regions), seed=self._draws)
        order = ops.argsort(ops.where(i < counts, keys, 2.0), axis=1)
        rank = ops.argsort(order, axis=1)  # (batch, regions)
        sizes = lengths // counts + ops.cast(rank < lengths % counts, "int32")
        return ops.pad(ops.cumsum(sizes, axis=1), ((0, 0), (1, 0)))


def _fraction(ratio):
    return Fraction(ratio).limit_denominator(_FINEST)


def _n_regions(n_steps, fraction):
    """Return the number of regions of so many steps, an integer or a tensor; 0 of none."""
    found = n_steps * fraction.denominator // fraction.numerator
    if isinstance(n_steps, int):
        return max(found, min(n_steps, 1))
    return ops.maximum(found, ops.minimum(n_steps, 1))


@keras.saving.register_keras_serializable(package="seqconv")
class _Regions(keras.Operation):
    """Mask of `FractionalMaxPooling1D` as one node of a model's graph, for lengths that are not known yet."""

    def __init__(self, ratio, name=None):
        super().__init__(name=name)
        self.ratio = ratio

    def call(self, real: Any) -> Any:
        fraction = _fraction(self.ratio)
        return slots(_n_regions(lengths_of(real), fraction)[:, 0], _n_regions(ops.shape(real)[1], fraction))

    def compute_output_spec(self, real: Any) -> keras.KerasTensor:
        n_cases, n_steps = real.shape
        n_regions = None if n_steps is None else _n_regions(n_steps, _fraction(self.ratio))
        return keras.KerasTensor((n_cases, n_regions), dtype="bool")
