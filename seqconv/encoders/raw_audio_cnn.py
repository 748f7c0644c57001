"""Networks of Dai and others for raw waveforms."""

from typing import Any

import keras

from seqconv.arguments import choice
from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import convolve, downsample, normalize, rectify
from seqconv.encoders.training import paper_settings, plateau
from seqconv.layers import MaskedAdd, MaskedConcatenate

# Filters and number of layers (of residual blocks) of each group, by depth.
_GROUPS = {
    3: ((256, 1),),
    5: ((128, 1), (256, 1), (512, 1)),
    11: ((64, 2), (128, 2), (256, 3), (512, 2)),
    18: ((64, 4), (128, 4), (256, 4), (512, 4)),
    34: ((48, 3), (96, 4), (192, 6), (384, 3)),
}


class RawAudioCNN(Encoder):
    """A long strided convolution of the waveform, then groups of short ones with max pooling between.

    Parameters
    ----------
    depth : {3, 5, 11, 18, 34}, default=5
        Number of layers with weights; 34 has residual blocks.

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
    Dai, Dai, Qu, Li and Das (2017), "Very deep convolutional neural networks for raw waveforms", table 1. With one
    channel and ten classes: 221,194, 559,114, 1,786,442, 3,683,786 and 3,984,154 trainable parameters.

    Examples
    --------
    >>> from seqconv.encoders import RawAudioCNN
    >>> RawAudioCNN(5).pooling
    'mean'
    """

    paper, year, domain = "Dai et al.", 2017, "audio"

    def __init__(
        self,
        depth: int = 5,
    ) -> None:
        self.depth = depth

    def __call__(self, x: Any) -> Any:
        groups = self._groups()
        x = downsample(rectify(convolve(x, groups[0][0], 80, 4)), 4)
        for i, (filters, n_layers) in enumerate(groups):
            x = downsample(x, 4) if i else x
            for _ in range(n_layers):
                x = self._block(x, filters) if self.depth == 34 else rectify(convolve(x, filters, 3))
        return x  # (batch, steps, filters)

    def _block(self, x, filters):
        y = convolve(rectify(convolve(x, filters, 3)), filters, 3)
        # Where the width doubles, the shortcut is the input twice.
        shortcut = x if x.shape[-1] == filters else MaskedConcatenate()([x, x])
        return rectify(normalize(MaskedAdd()([shortcut, y])))

    def _groups(self):
        return _GROUPS[choice("depth", self.depth, tuple(_GROUPS))]

    def paper_training(self, n_cases: int) -> dict[str, Any]:
        return paper_settings(400, 128, keras.optimizers.Adam(1e-3), (plateau(10),))

    def convolutions(self) -> list[tuple[int, int, int]]:
        found, each = [(80, 4, 1), (4, 4, 1)], 2 if self.depth == 34 else 1
        for i, (_, n_layers) in enumerate(self._groups()):
            found += [(4, 4, 1)] * (i > 0) + [(3, 1, 1)] * (each * n_layers)
        return found
