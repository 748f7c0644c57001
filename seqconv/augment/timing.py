"""Whole steps at other times: shifted, cut out, and in another order."""

import keras
from keras import ops

from seqconv.augment import arguments
from seqconv.augment.base import Augmentation
from seqconv.augment.observed import case_lengths, cut, hide, step_numbers
from seqconv.augment.resampling import at_steps
from seqconv.layers.counts import positive


@keras.saving.register_keras_serializable(package="seqconv")
class RandomShift(Augmentation):
    """Move a case earlier or later within its own length.

    Parameters
    ----------
    max_share : float, default=0.1
        Longest shift to either side as a share of the case's length, 0 to below 1; shifts are drawn uniformly.
    fill : {"hidden", "wrap"}, default="hidden"
        What stands where nothing moved to: NaN, or the steps that were pushed out at the other end.
    rate : float, default=0.5
        Probability that a case is changed, 0 to 1.
    seed : int, optional
        None takes one from Keras's generator when the layer is made.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        An argument is out of its range.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import RandomShift
    >>> x = np.array([1, 2, 3, 4, np.nan], "float32").reshape(1, 5, 1)
    >>> y, weight = np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> shifted, _, _ = RandomShift(0.5, "wrap", rate=1, seed=2)((x, y, weight), training=True)
    >>> np.asarray(shifted).ravel().tolist()
    [4.0, 1.0, 2.0, 3.0, nan]

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels).
    Mask: a case is its steps up to the last observed one; gaps inside move along, padding stays behind.
    Backend: all.
    """

    def __init__(self, max_share=0.1, fill="hidden", rate=0.5, seed=None, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.max_share = arguments.number("max_share", max_share, 0, 1, open_ended=True)
        self.fill = arguments.choice("fill", fill, ("hidden", "wrap"))
        self.may_hide = self.may_empty = self.fill == "hidden"

    def changed(self, x):
        lengths = case_lengths(x)  # (batch, 1)
        shift = ops.round(self.uniform((x.shape[0], 1), -self.max_share, self.max_share) * lengths)
        steps = step_numbers(x.shape[1])
        sources = steps - shift  # (batch, steps)
        if self.fill == "wrap":
            sources = sources + lengths * (ops.cast(sources < 0, "float32") - ops.cast(sources >= lengths, "float32"))
            return cut(at_steps(x, sources), lengths)
        # Sources before the case, behind its end, and of steps behind its end.
        outside = ops.logical_or(sources < 0, ops.maximum(sources, steps) >= lengths)
        return hide(at_steps(x, sources), ops.expand_dims(outside, -1))

    def get_config(self):
        return super().get_config() | {"max_share": self.max_share, "fill": self.fill}


@keras.saving.register_keras_serializable(package="seqconv")
class WindowSlice(Augmentation):
    """Keep one stretch of a case, from a place drawn at random.

    Parameters
    ----------
    share : float, default=0.9
        Length of the stretch as a share of the case's length, above 0 to 1; at least one step.
    rate : float, default=0.5
        Probability that a case is changed, 0 to 1.
    seed : int, optional
        None takes one from Keras's generator when the layer is made.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        An argument is out of its range.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import WindowSlice
    >>> x = np.array([1, 2, 3, 4, np.nan], "float32").reshape(1, 5, 1)
    >>> y, weight = np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> stretch, _, _ = WindowSlice(0.5, rate=1, seed=3)((x, y, weight), training=True)
    >>> np.asarray(stretch).ravel().tolist()
    [1.0, 2.0, nan, nan, nan]

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels).
    Mask: the stretch lies within the steps up to the last observed one, comes to the start of the case, and the rest
    is NaN.
    Backend: all.
    Differs: from the paper by the answer for a case, which takes the vote of its slices; here that is what averaging
    over augmented copies does.

    References
    ----------
    Le Guennec, Malinowski and Tavenard (2016), "Data augmentation for time series classification using convolutional
    neural networks", section 3 (window slicing).
    """

    may_hide = True
    may_empty = True

    def __init__(self, share=0.9, rate=0.5, seed=None, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.share = arguments.number("share", share, 0, 1)
        if self.share == 0:
            raise ValueError("share must be a number above 0 to 1, got 0; a case must keep a step.")

    def changed(self, x):
        lengths = case_lengths(x)
        widths = ops.maximum(ops.ceil(self.share * lengths), 1)
        starts = ops.floor(self.uniform((x.shape[0], 1)) * (lengths - widths + 1))
        return cut(at_steps(x, step_numbers(x.shape[1]) + starts), ops.minimum(widths, lengths))

    def get_config(self):
        return super().get_config() | {"share": self.share}


@keras.saving.register_keras_serializable(package="seqconv")
class Permutation(Augmentation):
    """Cut a case into segments and put them in another order.

    Parameters
    ----------
    n_segments : int, default=4
        The longest is at most three times the shortest, up to rounding.
    rate : float, default=0.5
        Probability that a case is changed, 0 to 1; by chance the order may be the old one.
    seed : int, optional
        None takes one from Keras's generator when the layer is made.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        An argument is out of its range.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import Permutation
    >>> x = np.array([1, 2, 3, 4, 5, 6, np.nan], "float32").reshape(1, 7, 1)
    >>> y, weight = np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> permuted, _, _ = Permutation(2, rate=1, seed=0)((x, y, weight), training=True)
    >>> np.asarray(permuted).ravel().tolist()
    [3.0, 4.0, 5.0, 6.0, 1.0, 2.0, nan]

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels).
    Mask: the steps up to the last observed one are permuted; gaps inside move along.
    Backend: all.
    Differs: from the paper by the lengths of the segments, drawn in proportion to the case's own.

    References
    ----------
    Um and others (2017), "Data augmentation of wearable sensor data for Parkinson's disease monitoring using
    convolutional neural networks", section 3.2 (permutation).
    """

    def __init__(self, n_segments=4, rate=0.5, seed=None, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.n_segments = positive("n_segments", n_segments)

    def changed(self, x):
        lengths = case_lengths(x)
        sizes, luck = ops.unstack(self.uniform((x.shape[0], 2, self.n_segments)), axis=1)
        ends = ops.cumsum(sizes + 0.5, axis=1)
        ends = ops.round(ends * (lengths / ends[:, -1:]))  # (batch, segments)
        starts = ops.pad(ends[:, :-1], ((0, 0), (1, 0)))
        sizes = ends - starts
        # Segments go in the order of their luck: each starts behind all those of less.
        before = ops.cast(ops.expand_dims(luck, 1) < ops.expand_dims(luck, 2), "float32")  # (batch, segments, others)
        new_starts = ops.sum(before * ops.expand_dims(sizes, 1), axis=2)
        steps = step_numbers(x.shape[1])
        passed = ops.expand_dims(steps, -1) - ops.expand_dims(new_starts, 1)  # (batch, steps, segments)
        inside = ops.cast(ops.logical_and(passed >= 0, passed < ops.expand_dims(sizes, 1)), "float32")
        sources = steps + ops.sum(inside * ops.expand_dims(starts - new_starts, 1), axis=2)
        return cut(at_steps(x, sources), lengths)

    def get_config(self):
        return super().get_config() | {"n_segments": self.n_segments}
