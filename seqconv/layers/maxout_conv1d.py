"""Maximum of several convolutions."""

from typing import Any

import keras

from seqconv.arguments import whole
from seqconv.layers.masked_conv1d import MaskedConv1D
from seqconv.layers.sizes import size
from seqconv.layers.slots import largest_piece


@keras.saving.register_keras_serializable(package="seqconv")
class MaxoutConv1D(MaskedConv1D):
    """Take, for each filter, the largest of several convolutions.

    Parameters
    ----------
    filters : int
        Number of features computed, at least 1.
    kernel_size : int
        Number of taps, at least 1.
    pieces : int, default=2
        Number of convolutions for each feature, at least 1.
    **kwargs
        All other arguments of `MaskedConv1D`, except `activation`.

    Raises
    ------
    ValueError
        If an argument is out of its range.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.
    ValueError
        If no window fits into the cases.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, `geometry.output_length`, filters).
    Mask: hidden steps are zeroed first; passed on by `masks.through_convolution`.
    Backend: all. Of equal pieces the first alone gets the gradient.

    References
    ----------
    Goodfellow, Warde-Farley, Mirza, Courville and Bengio (2013), "Maxout networks", section 3.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaxoutConv1D
    >>> layer = MaxoutConv1D(4, 3, pieces=2)
    >>> tuple(layer(np.zeros((2, 10, 6), "float32")).shape), tuple(layer.kernel.shape)
    ((2, 8, 4), (3, 6, 8))
    """

    def __init__(self, filters: int, kernel_size: int, pieces: int = 2, **kwargs: Any) -> None:
        if kwargs.pop("activation", None) not in (None, "linear"):
            raise ValueError("activation must be left out: the maximum is the activation.")
        self.pieces = whole("pieces", pieces, 1)
        super().__init__(size("filters", filters) * self.pieces, kernel_size, **kwargs)

    def call(self, inputs: Any, mask: Any = None) -> Any:
        return largest_piece(super().call(inputs, mask=mask), self.pieces)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        *shape, n_all = super().compute_output_shape(input_shape)
        return (*shape, n_all // self.pieces)

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        return {**config, "filters": self.filters // self.pieces, "pieces": self.pieces}
