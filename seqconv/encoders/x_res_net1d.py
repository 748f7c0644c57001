"""Residual network with a deep stem, as used for PTB-XL."""

from collections.abc import Sequence
from typing import Any

import keras

from seqconv.arguments import choice
from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import convolve, downsample, rectify
from seqconv.encoders.training import n_batches, paper_settings
from seqconv.layers import MaskedAdd, MaskedAveragePooling1D

# Blocks of each stage, by depth.
_STAGES = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3)}


class XResNet1D(Encoder):
    """Bottleneck residual blocks after three short convolutions; shortcuts are averaged where the length is halved.

    Parameters
    ----------
    depth : {18, 34, 50, 101}, default=101
        Number of layers with weights.
    filters : sequence of int, default=(64, 64, 64, 64)
        Number of filters of each stage; the features are four times as many from 50 layers on.
    kernel_size : int, default=5
        Number of taps.
    dense : sequence of int, default=(128,)
        Units of the dense layer after it.

    Raises
    ------
    ValueError
        If an argument is out of its range; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, features).
    Mask: passed on.
    Backend: all.
    Differs: no batch normalization in the head. The stages are equally wide, as in the code for PTB-XL; those of He and
    others double.

    References
    ----------
    He, Zhang, Zhang, Zhang, Xie and Li (2019), "Bag of tricks for image classification with convolutional neural
    networks", section 4; Strodthoff, Wagner, Schaeffter and Samek (2021), "Deep learning for ECG analysis: benchmarking
    and insights from PTB-XL", section III. With twelve leads and 71 labels: 1,879,495 trainable parameters.

    Examples
    --------
    >>> from seqconv.encoders import XResNet1D
    >>> XResNet1D().pooling
    'mean_max'
    """

    paper, year, domain = "Strodthoff et al.", 2021, "medical"
    pooling = "mean_max"
    dropout = 0.5

    def __init__(
        self,
        depth: int = 101,
        filters: Sequence[int] = (64, 64, 64, 64),
        kernel_size: int = 5,
        dense: Sequence[int] = (128,),
    ) -> None:
        self.depth = depth
        self.filters = filters
        self.kernel_size = kernel_size
        self.dense = dense

    def __call__(self, x: Any) -> Any:
        for filters, strides in ((32, 2), (32, 1), (64, 1)):
            x = rectify(self._convolved(x, filters, self.kernel_size, strides))
        x = downsample(x, 3, 2)
        for stage, (filters, n_blocks) in enumerate(zip(self.sizes("filters"), self._stages(), strict=True)):
            for i in range(n_blocks):
                x = self._block(x, filters, 2 if stage and not i else 1)  # (batch, steps, features)
        return x

    def _block(self, x, filters, strides):
        if self.depth < 50:
            y = rectify(self._convolved(x, filters, self.kernel_size, strides))
            y = self._convolved(y, filters, self.kernel_size)
        else:
            y = rectify(self._convolved(x, filters, 1))
            y = rectify(self._convolved(y, filters, self.kernel_size, strides))
            y = self._convolved(y, 4 * filters, 1)
        shortcut = MaskedAveragePooling1D(2, padding="same")(x) if strides > 1 else x
        shortcut = shortcut if x.shape[-1] == y.shape[-1] else self._convolved(shortcut, y.shape[-1], 1)
        return rectify(MaskedAdd()([shortcut, y]))

    def _convolved(self, x, filters, kernel_size, strides=1):
        return convolve(x, filters, kernel_size, strides, use_bias=False)

    def _stages(self):
        return _STAGES[choice("depth", self.depth, tuple(_STAGES))]

    def paper_training(self, n_cases: int) -> dict[str, Any]:
        n_steps = 50 * n_batches(n_cases, 128)
        rise = max(1, 3 * n_steps // 10)
        schedule = keras.optimizers.schedules.CosineDecay(
            1e-2 / 25, max(1, n_steps - rise), warmup_target=1e-2, warmup_steps=rise
        )
        optimizer = keras.optimizers.AdamW(schedule, weight_decay=1e-2)
        return paper_settings(50, 128, optimizer)

    def convolutions(self) -> list[tuple[int, int, int]]:
        size, n_long = self.kernel_size, 2 if self.depth < 50 else 1
        found = [(size, 2, 1), (size, 1, 1), (size, 1, 1), (3, 2, 1)]
        for stage, n_blocks in enumerate(self._stages()):
            for i in range(n_blocks):
                found += [(size, 2 if stage and not i else 1, 1)] + [(size, 1, 1)] * (n_long - 1)
        return found
