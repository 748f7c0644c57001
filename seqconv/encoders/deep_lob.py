"""DeepLOB of Zhang, Zohren and Roberts for order books."""

from typing import Any

import keras

from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import downsample
from seqconv.encoders.training import paper_settings
from seqconv.layers import EachGroup, MaskedConcatenate, MaskedConv1D


class DeepLOB(Encoder):
    """Convolutions that join price and size, the two sides, and the levels; an inception module; a recurrent layer.

    Parameters
    ----------
    filters : int, default=32
        Number of filters of the convolutions; the inception module has twice as many in each branch.
    recurrent : bool, default=True
        Whether an LSTM of 64 units reads the features; else they are averaged.
    dropout_rate : float, default=0.2
        Share of features dropped for all steps alike before the LSTM, 0 to below 1.

    Raises
    ------
    ValueError
        If the channels cannot be joined in pairs twice; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, features).
    Mask: passed on.
    Backend: all.
    Differs: the dropout is off outside of training; in the authors' code it stays on.

    References
    ----------
    Zhang, Zohren and Roberts (2019), "DeepLOB: deep convolutional neural networks for limit order books", section IV.
    With 40 channels and three classes: 142,435 trainable parameters.

    Examples
    --------
    >>> from seqconv.encoders import DeepLOB
    >>> DeepLOB(recurrent=False).pooling
    'mean'
    """

    paper, year, domain = "Zhang et al.", 2019, "finance"
    paper_shape = (100, 40)

    def __init__(
        self,
        filters: int = 32,
        recurrent: bool = True,
        dropout_rate: float = 0.2,
    ) -> None:
        self.filters = filters
        self.recurrent = recurrent
        self.dropout_rate = dropout_rate

    @property
    def pooling(self) -> str:
        """The last step of the LSTM, or the mean."""
        return "last" if self.recurrent else "mean"

    def __call__(self, x: Any) -> Any:
        for groups in (x.shape[-1] // 2, x.shape[-1] // 4, 1):
            # What two-dimensional filters do that lie side by side: the same layers for each pair.
            x = EachGroup(groups, self._joined())(x)  # (batch, steps, groups * filters)
        x = self._inception(x)
        if self.recurrent:
            x = keras.layers.Dropout(self.dropout_rate, noise_shape=(None, 1, x.shape[-1]))(x)
            x = keras.layers.LSTM(64, return_sequences=True)(x)
        return x

    def _joined(self):
        kernel_sizes = (1, 4, 4)
        convolutions = [MaskedConv1D(self.filters, size, padding="same") for size in kernel_sizes]
        return [layer for one in convolutions for layer in (one, keras.layers.LeakyReLU(0.01))]

    def _inception(self, x):
        width = 2 * self.filters
        branches = [self._activated(self._activated(x, width, 1), width, size) for size in (3, 5)]
        branches.append(self._activated(downsample(x, 3, 1), width, 1))
        return MaskedConcatenate()(branches)  # (batch, steps, 6 * filters)

    def _activated(self, x, filters, kernel_size):
        return keras.layers.LeakyReLU(0.01)(MaskedConv1D(filters, kernel_size, padding="same")(x))

    def paper_training(self, n_cases: int) -> dict[str, Any]:
        # As in the authors' notebook.
        return paper_settings(200, 128, keras.optimizers.Adam(1e-4), validation_fraction=0.2)

    def convolutions(self) -> list[tuple[int, int, int]]:
        return [*[(4, 1, 1)] * 6, (5, 1, 1)]
