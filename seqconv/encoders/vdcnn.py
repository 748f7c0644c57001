"""Very deep convolutional network of Conneau and others for texts."""

from collections.abc import Sequence
from typing import Any

import keras

from seqconv.arguments import choice
from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import convolve, downsample, rectify
from seqconv.encoders.training import paper_settings
from seqconv.layers import KMaxPooling1D, MaskedAdd, MaskedConv1D

# Blocks of each stage, by depth.
_STAGES = {9: (1, 1, 1, 1), 17: (2, 2, 2, 2), 29: (5, 5, 2, 2), 49: (8, 8, 5, 3)}


class VDCNN(Encoder):
    """Blocks of two convolutions over characters in four stages of halved length, and k-max pooling.

    Parameters
    ----------
    depth : {9, 17, 29, 49}, default=9
        Number of convolutions.
    shortcut : bool, default=False
        Whether blocks have shortcuts.
    k : int, default=8
        Values kept of each feature at the end.
    dense : sequence of int, default=(2048, 2048)
        Units of the dense layers after it.

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
    Conneau, Schwenk, Barrault and LeCun (2017), "Very deep convolutional networks for text classification", table 2.
    With characters of 16 numbers and four classes: 14.2, 16.3, 16.6 and 19.8 million trainable parameters.

    Examples
    --------
    >>> from seqconv.encoders import VDCNN
    >>> VDCNN(29).pooling.k
    8
    """

    paper, year, domain = "Conneau et al.", 2017, "text"

    def __init__(
        self,
        depth: int = 9,
        shortcut: bool = False,
        k: int = 8,
        dense: Sequence[int] = (2048, 2048),
    ) -> None:
        self.depth = depth
        self.shortcut = shortcut
        self.k = k
        self.dense = dense

    @property
    def pooling(self) -> Any:
        """The values kept at the end."""
        return KMaxPooling1D(self.k, flatten=True)

    def __call__(self, x: Any) -> Any:
        x = MaskedConv1D(64, 3, padding="same")(x)
        for stage, n_blocks in enumerate(self._stages()):
            x = downsample(x, 3, 2) if stage else x
            for _ in range(n_blocks):
                x = self._block(x, 64 * 2**stage)  # (batch, steps, filters)
        return x

    def _block(self, x, filters):
        y = rectify(convolve(rectify(convolve(x, filters, 3)), filters, 3))
        if not self.shortcut:
            return y
        return MaskedAdd()([x if x.shape[-1] == filters else convolve(x, filters, 1), y])

    def _stages(self):
        return _STAGES[choice("depth", self.depth, tuple(_STAGES))]

    def paper_training(self, n_cases: int) -> dict[str, Any]:
        return paper_settings(15, 128, keras.optimizers.SGD(0.01, momentum=0.9))

    def convolutions(self) -> list[tuple[int, int, int]]:
        found = [(3, 1, 1)]
        for stage, n_blocks in enumerate(self._stages()):
            found += [(3, 2, 1)] * (stage > 0) + [(3, 1, 1)] * (2 * n_blocks)
        return found
