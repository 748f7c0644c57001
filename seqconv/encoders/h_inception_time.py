"""InceptionTime with hand-crafted filters."""

from seqconv.encoders.blocks import rectify
from seqconv.encoders.inception_time import InceptionTime
from seqconv.layers import HandCraftedFilters1D


class HInceptionTime(InceptionTime):
    """InceptionTime whose first module also has fixed filters for increase, decrease and peaks.

    Parameters
    ----------
    filters : int, default=32
        Number of filters of each branch of a module.
    depth : int, default=6
        Number of modules.
    kernel_size : int, default=40
        Number of taps of the longest branch; the others have a half and a quarter.
    bottleneck : int or None, default=32
        Channels to which a module first reduces its input. None leaves it as it is.
    residual : bool, default=True
        Whether to add a shortcut to every third module.

    Raises
    ------
    ValueError
        If an argument is out of its range; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, features).
    Mask: passed on.
    Backend: all.

    References
    ----------
    Ismail-Fawaz, Devanne, Weber and Forestier (2022), "Deep learning for time series classification using new hand-
    crafted convolution filters", section IV.

    Examples
    --------
    >>> from seqconv.encoders import HInceptionTime
    >>> HInceptionTime(depth=3).get_params()["depth"]
    3
    """

    paper, year = "Ismail-Fawaz et al.", 2022

    def _branches(self, x, module):
        branches = super()._branches(x, module)
        return [*branches, rectify(HandCraftedFilters1D()(x))] if module == 0 else branches

    def convolutions(self) -> list[tuple[int, int, int]]:
        # The longest hand-crafted filter has 96 taps.
        (size, *rest), *others = super().convolutions()
        return [(max(96, size), *rest), *others]
