"""Shares from a beta distribution."""

from typing import Any

import keras
from keras import ops


def drawn_shares(layer: Any, n_cases: int) -> Any:
    """Draw numbers from the beta distribution (layer.alpha, layer.alpha), float32 (batch, 1)."""
    # The ratio of two gamma numbers, each as the logarithm of one for alpha + 1 and of its factor. For a small alpha
    # both would be 0 in float32.
    gamma = keras.random.gamma((n_cases, 2), layer.alpha + 1, dtype="float32", seed=layer.seed_generator)
    logarithms = ops.log(gamma) + ops.log(1 - layer.uniform((n_cases, 2))) / layer.alpha
    first, second = ops.split(logarithms, 2, axis=1)
    return ops.sigmoid(first - second)
