"""Band-pass filters whose edges are trained."""

import math
from typing import Any

import keras
from keras import ops

from seqconv.arguments import number
from seqconv.layers.masked_conv1d import MaskedConv1D
from seqconv.layers.sizes import size


@keras.saving.register_keras_serializable(package="seqconv")
class SincConv1D(MaskedConv1D):
    """Filter a raw signal by band-pass filters, of which only the lower edge and the width are trained.

    Parameters
    ----------
    filters : int, default=80
        Number of bands, at least 1. They start evenly spaced on the mel scale from 30 Hz.
    kernel_size : int, default=251
        Number of taps, odd.
    sampling_rate_hz : float, default=16000
        Steps a second, above 0.
    min_low_hz, min_band_hz : float, default=50
        Smallest lower edge and width of a band, at least 0.
    **kwargs
        `strides`, `padding`, `dilation_rate`, and Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If an argument is out of its range, or the bands start beyond half of the sampling rate.
    ValueError
        If the input does not have one channel, or the mask is not of its steps.
    ValueError
        If no window fits into the cases.

    Notes
    -----
    Shape: (batch, steps, 1) to (batch, `geometry.output_length`, filters).
    Mask: hidden steps are zeroed first; passed on by `masks.through_convolution`.
    Backend: all; edges stay in float32 under mixed precision.
    Differs: the Hamming window is symmetric.

    References
    ----------
    Ravanelli and Bengio (2018), "Speaker recognition from raw waveform with SincNet", equations 4 to 8.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import SincConv1D
    >>> layer = SincConv1D(8, 51, sampling_rate_hz=8000)
    >>> tuple(layer(np.zeros((2, 100, 1), "float32")).shape), layer.count_params()
    ((2, 50, 8), 16)
    """

    def __init__(
        self,
        filters: int = 80,
        kernel_size: int = 251,
        sampling_rate_hz: float = 16000,
        min_low_hz: float = 50,
        min_band_hz: float = 50,
        **kwargs: Any,
    ) -> None:
        super().__init__(filters, kernel_size, use_bias=False, **kwargs)
        if size("kernel_size", kernel_size) % 2 == 0:
            raise ValueError(f"kernel_size must be odd, so that the filters are symmetric, got {kernel_size}.")
        self.sampling_rate_hz = number("sampling_rate_hz", sampling_rate_hz, above=0)
        self.min_low_hz = number("min_low_hz", min_low_hz, 0)
        self.min_band_hz = number("min_band_hz", min_band_hz, 0)
        highest = self.sampling_rate_hz / 2 - self.min_low_hz - self.min_band_hz
        if highest <= 30:
            raise ValueError(
                f"sampling_rate_hz must leave room for bands from 30 Hz on, got {sampling_rate_hz}; "
                "give a smaller min_low_hz and min_band_hz."
            )
        first, last = (math.log10(1 + hz / 700) for hz in (30, highest))
        mel = (first + (last - first) * i / self.filters for i in range(self.filters + 1))
        self._edges = [700 * (10**one - 1) for one in mel]  # Hz

    def build(self, input_shape: Any) -> None:
        if input_shape[-1] != 1:
            raise ValueError(f"{self.name} requires inputs of one channel, got shape {tuple(input_shape)}.")
        self.input_spec = keras.layers.InputSpec(ndim=3, axes={-1: 1})
        widths = [after - before for before, after in zip(self._edges, self._edges[1:], strict=False)]
        # In half precision an edge would be rounded by several Hz.
        start = keras.initializers.Constant
        self.low_hz = self.add_weight((self.filters,), start(self._edges[:-1]), autocast=False, name="low_hz")
        self.band_hz = self.add_weight((self.filters,), start(widths), autocast=False, name="band_hz")
        self.bias = None

    @property
    def kernel(self) -> Any:
        """Filters, (taps, 1, bands)."""
        half = self.kernel_size[0] // 2
        low = self.min_low_hz + ops.abs(self.low_hz)
        high = ops.clip(low + self.min_band_hz + ops.abs(self.band_hz), self.min_low_hz, self.sampling_rate_hz / 2)
        before = range(-half, 0)
        turns = ops.convert_to_tensor([[2 * math.pi * i / self.sampling_rate_hz] for i in before], low.dtype)
        window = [[0.54 - 0.46 * math.cos(math.pi * (half + i) / half)] for i in before]
        window = ops.convert_to_tensor(window, low.dtype)  # Hamming's, (half, 1)
        left = (ops.sin(turns * high) - ops.sin(turns * low)) / (turns / 2) * window  # (half, bands)
        centre = 2 * (high - low)[None]
        taps = ops.concatenate([left, centre, ops.flip(left, axis=0)], axis=0) / centre
        return ops.cast(ops.expand_dims(taps, 1), self.compute_dtype)

    # Keras's convolution would save the kernel, which is no weight here.
    def save_own_variables(self, store: Any) -> None:
        """Write the edges to a file."""
        keras.layers.Layer.save_own_variables(self, store)

    def load_own_variables(self, store: Any) -> None:
        """Read the edges from a file."""
        keras.layers.Layer.load_own_variables(self, store)

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        kept = ("name", "trainable", "dtype", "filters", "kernel_size", "strides", "padding", "dilation_rate")
        own = {name: getattr(self, name) for name in ("sampling_rate_hz", "min_low_hz", "min_band_hz")}
        return {name: config[name] for name in kept} | own
