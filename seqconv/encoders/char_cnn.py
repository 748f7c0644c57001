"""Character network of Zhang, Zhao and LeCun."""

from collections.abc import Sequence
from typing import Any

import keras

from seqconv.encoders.binned import Binned
from seqconv.encoders.blocks import downsample
from seqconv.encoders.training import n_batches, paper_settings, steps_down
from seqconv.layers import MaskedConv1D

# Taps of each convolution and steps of the pooling after it.
_LAYERS = ((7, 3), (7, 3), (3, 1), (3, 1), (3, 1), (3, 3))


class CharCNN(Binned):
    """Six convolutions over characters, three of them followed by max pooling, and two wide dense layers.

    Parameters
    ----------
    filters : int, default=256
        Number of filters; 1024 in the large network.
    dense : sequence of int, default=(1024, 1024)
        Units of the dense layers after it. Empty means none, and a mean over all steps in their place.
    n_bins : int, default=34
        Parts of a case of which the dense layers see the mean: as many as a case of 512 steps has steps left.

    Raises
    ------
    ValueError
        If an argument is out of its range; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, features).
    Mask: passed on.
    Backend: all.
    Differs: characters may be embedded, where the paper has 70 columns of 0 and 1, and are read forward. Texts of any
    length are averaged into `n_bins` parts, where the paper cuts them to 1014 characters.

    References
    ----------
    Zhang, Zhao and LeCun (2015), "Character-level convolutional networks for text classification", table 1. With 70
    channels and four classes: 11.34 million trainable parameters.

    Examples
    --------
    >>> from seqconv.encoders import CharCNN
    >>> CharCNN().dense
    (1024, 1024)
    """

    paper, year, domain = "Zhang et al.", 2015, "text"
    dropout = 0.5

    def __init__(
        self,
        filters: int = 256,
        dense: Sequence[int] = (1024, 1024),
        n_bins: int = 34,
    ) -> None:
        self.filters = filters
        self.dense = dense
        self.n_bins = n_bins

    def __call__(self, x: Any) -> Any:
        for kernel_size, pool_size in _LAYERS:
            x = MaskedConv1D(self.filters, kernel_size, padding="same", activation="relu")(x)
            x = downsample(x, pool_size) if pool_size > 1 else x  # (batch, steps / pool_size, filters)
        return x

    def paper_training(self, n_cases: int) -> dict[str, Any]:
        # Halved ten times, every three epochs.
        rate = steps_down(tuple(0.01 / 2**i for i in range(11)), 3 * n_batches(n_cases, 128))
        return paper_settings(30, 128, keras.optimizers.SGD(rate, momentum=0.9, weight_decay=1e-5))

    def convolutions(self) -> list[tuple[int, int, int]]:
        return [one for k, p in _LAYERS for one in [(k, 1, 1), *[(p, p, 1)] * (p > 1)]]
