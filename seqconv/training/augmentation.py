"""Layers that change a batch, drawn from the user's templates for each member and for each copy of a case."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np

from seqconv.arguments import is_whole, whole
from seqconv.models.landmarks import seeded


def listed(layers: Any) -> list[Any]:
    """Return None, one layer or several layers as a list."""
    return [] if layers is None else list(layers) if isinstance(layers, list | tuple) else [layers]


def fresh_layers(layers: Any, seed: int) -> list[Any]:
    """Make new layers from templates; what they draw comes from the seed."""
    with seeded(seed):
        return [keras.saving.deserialize_keras_object(_reseeded(layer, seed)) for layer in listed(layers)]


def _reseeded(layer, seed):
    """Describe a layer; a seed of its own is mixed with the given one."""
    described = keras.saving.serialize_keras_object(layer)
    own = described["config"].get("seed")
    if isinstance(own, int):
        described["config"]["seed"] = int(np.random.SeedSequence((own, seed)).generate_state(1)[0] >> 1)
    return described


def draw_changes(augment: Any, n_augmentations: int, random_state: Any) -> list[Callable[[np.ndarray], np.ndarray]]:
    """Make functions that each change a batch with draws of their own; layers that mix cases are left out.

    Raises
    ------
    ValueError
        If `n_augmentations` is not a whole number of at least 0, or if no layer changes a case.
    """
    n_augmentations = whole("n_augmentations", n_augmentations, 0)
    layers = [layer for layer in listed(augment) if not getattr(layer, "mixes_cases", False)]
    if n_augmentations and not layers:
        raise ValueError(f"n_augmentations={n_augmentations} needs layers that change a case, got augment={augment!r}.")
    seed = int(random_state) if is_whole(random_state) else 0
    draws = np.random.SeedSequence(seed).generate_state(n_augmentations).tolist()
    return [partial(_changed, fresh_layers(layers, draw)) for draw in draws]


def _changed(layers, X):
    """Apply layers to a batch of cases."""
    inputs = X, np.ones((len(X), 1), np.float32), np.ones(len(X), np.float32)
    for layer in layers:
        inputs = layer(inputs, training=True)
    return keras.ops.convert_to_numpy(inputs[0])
