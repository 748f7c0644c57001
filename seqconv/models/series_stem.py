"""Stem for series."""

from dataclasses import dataclass
from typing import Any

import keras

from seqconv.arguments import choice, is_whole
from seqconv.layers import ChannelScaling, MissingMasking


@dataclass(frozen=True)
class SeriesStem:
    """Stem for series: scale each channel, then turn NaN into a mask and 0.

    Parameters
    ----------
    scaling : {"standard", "robust", "case"} or None, default="standard"
        "standard" and "robust" subtract `centre` and divide by `scale`, those of the training cases: mean and deviation,
        or median and interquartile range. "case" takes the mean and deviation of each case. None leaves X unscaled.
    centre, scale : array of shape (n_channels,), optional
        For "standard" and "robust"; None means 0, or 1.
    indicator : bool, default=False
        Whether to add one channel for each channel: 1 for observed values, 0 for missing ones.

    Examples
    --------
    >>> from seqconv.models import SeriesStem, build_classifier
    >>> model = build_classifier("fcn", (None, 2), 3, stem=SeriesStem(scaling="case"))
    >>> model.get_layer("scaling").per_case
    True
    """

    scaling: str | None = "standard"
    centre: Any = None
    scale: Any = None
    indicator: bool = False

    def input(self, input_shape: tuple) -> keras.KerasTensor:
        """Make the Keras input of cases ``(steps, channels)``; the number of steps may differ between calls.

        Raises
        ------
        ValueError
            If the shape is not a pair, or its number of channels is not an integer of at least 1.
        """
        is_pair = isinstance(input_shape, tuple | list) and len(input_shape) == 2
        if not (is_pair and is_whole(input_shape[1], 1)):
            raise ValueError(
                f"input_shape of a series must be (steps, channels) with at least 1 channel, got {input_shape!r}."
            )
        return keras.Input((None, int(input_shape[1])), name="X")

    def __call__(self, x: Any) -> Any:
        """Draw the layers on a tensor (batch, steps, channels).

        Raises
        ------
        ValueError
            If `scaling` is not one of its choices.
        """
        choice("scaling", self.scaling, ("standard", "robust", "case", None))
        if self.scaling is not None:
            # Before the masking, so that a missing value becomes the mean and not an outlier.
            layer = ChannelScaling(per_case=self.scaling == "case", name="scaling")
            x = layer(x)
            if self.centre is not None or self.scale is not None:
                n_channels = x.shape[-1]
                layer.set_statistics(
                    [0.0] * n_channels if self.centre is None else self.centre,
                    [1.0] * n_channels if self.scale is None else self.scale,
                )
        return MissingMasking(indicator=self.indicator, name="stem")(x)
