"""SincNet of Ravanelli and Bengio."""

from collections.abc import Sequence
from typing import Any

import keras

from seqconv.encoders.binned import Binned
from seqconv.encoders.blocks import downsample, magnitude, normalize_case
from seqconv.layers import MaskedConv1D, SincConv1D


class SincNet(Binned):
    """Trained band-pass filters of the waveform, two short convolutions, and three wide dense layers.

    Parameters
    ----------
    sampling_rate_hz : float, default=16_000
        Steps a second, above 0.
    filters : sequence of int, default=(80, 60, 60)
        Number of filters of each layer.
    kernel_sizes : sequence of int, default=(251, 5, 5)
        Taps of each layer, the first odd.
    dense : sequence of int, default=(2048, 2048, 2048)
        Units of the dense layers after it. Empty means none, and a mean over all steps in their place.
    n_bins : int, default=107
        Parts of a case of which the dense layers see the mean: as many as 200 ms at 16 kHz have steps left.

    Raises
    ------
    ValueError
        If an argument is out of its range; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, features).
    Mask: passed on.
    Backend: all.
    Differs: the layers are normalized with one factor for each filter, and the dense layers are rectified without batch
    normalization. Cases of any length are averaged into `n_bins` parts before the dense layers, where the paper has one
    size.

    References
    ----------
    Ravanelli and Bengio (2018), "Speaker recognition from raw waveform with SincNet", section 4.2.

    Examples
    --------
    >>> from seqconv.encoders import SincNet
    >>> SincNet(dense=()).receptive_field
    325
    """

    paper, year, domain = "Ravanelli and Bengio", 2018, "audio"
    paper_shape = (3_200, 1)

    def __init__(
        self,
        sampling_rate_hz: float = 16_000,
        filters: Sequence[int] = (80, 60, 60),
        kernel_sizes: Sequence[int] = (251, 5, 5),
        dense: Sequence[int] = (2048, 2048, 2048),
        n_bins: int = 107,
    ) -> None:
        self.sampling_rate_hz = sampling_rate_hz
        self.filters = filters
        self.kernel_sizes = kernel_sizes
        self.dense = dense
        self.n_bins = n_bins

    def __call__(self, x: Any) -> Any:
        (n_bands, taps), *rest = zip(self.sizes("filters"), self.sizes("kernel_sizes"), strict=True)
        bands = SincConv1D(n_bands, taps, self.sampling_rate_hz, padding="same")(normalize_case(x))
        x = self._shortened(magnitude(bands))
        for filters, kernel_size in rest:
            x = self._shortened(MaskedConv1D(filters, kernel_size, padding="same")(x))
        return x

    def _shortened(self, x):
        return keras.layers.LeakyReLU(0.2)(normalize_case(downsample(x, 3)))  # (batch, steps / 3, filters)

    def convolutions(self) -> list[tuple[int, int, int]]:
        return [one for size in self.sizes("kernel_sizes") for one in [(size, 1, 1), (3, 3, 1)]]
