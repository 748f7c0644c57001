"""Stem for series."""

import numbers
from dataclasses import dataclass

import keras

from seqconv.layers import ChannelScaling, MissingMasking


@dataclass(frozen=True)
class SeriesStem:
    """Stem for series: scale each channel, turn NaN into a mask and 0.

    Parameters
    ----------
    scaling : {"standard", "case"} or None, default="standard"
        ``"standard"``: subtract `centre` and divide by `scale` (of the training cases); ``"case"``: each case by its own
        mean and deviation; None: as it comes.
    centre, scale : array of shape (n_channels,) or None
        For ``"standard"``; None is 0, or 1.
    indicator : bool, default=False
        Whether one more channel each tells observed (1) from missing (0).

    Examples
    --------
    >>> from seqconv.models import SeriesStem, build_classifier
    >>> model = build_classifier("fcn", (None, 2), 3, stem=SeriesStem(scaling="case"))
    """

    scaling: str | None = "standard"
    centre: object = None
    scale: object = None
    indicator: bool = False

    def input(self, input_shape):
        """Keras input for cases of ``(steps, channels)``; steps may differ between calls."""
        is_pair = isinstance(input_shape, tuple | list) and len(input_shape) == 2
        if not (is_pair and isinstance(input_shape[1], numbers.Integral) and input_shape[1] >= 1):
            what = "(steps, channels), steps None or a number, channels a number of at least 1"
            raise ValueError(f"input_shape of a series must be {what}, got {input_shape!r}.")
        return keras.Input((None, int(input_shape[1])), name="X")

    def __call__(self, x):
        if self.scaling not in ("standard", "case", None):
            raise ValueError(f"scaling must be 'standard', 'case' or None, got {self.scaling!r}.")
        if self.scaling is not None:
            # Before the masking, so that what is missing becomes 0 after the scaling: the mean, not an outlier.
            layer = ChannelScaling(per_case=self.scaling == "case", name="scaling")
            x = layer(x)
            if self.centre is not None or self.scale is not None:
                n_channels = x.shape[-1]
                layer.set_statistics(
                    [0.0] * n_channels if self.centre is None else self.centre,
                    [1.0] * n_channels if self.scale is None else self.scale,
                )
        return MissingMasking(indicator=self.indicator, name="stem")(x)
