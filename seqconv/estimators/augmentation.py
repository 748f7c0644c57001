"""Layers that change a batch, drawn afresh from the user's for each member of a fit and for each copy of a case."""

import numbers
from functools import partial

import keras
import numpy as np

from seqconv.estimators.settings import listed
from seqconv.models.landmarks import seeded


def fresh_layers(layers, seed):
    """New layers from templates: the user's own are never built, and what a layer draws comes from the seed."""
    with seeded(seed):
        return [keras.saving.deserialize_keras_object(_reseeded(layer, seed)) for layer in listed(layers)]


def _reseeded(layer, seed):
    """The description of a layer; a seed of its own is kept, but gives other draws for another seed."""
    described = keras.saving.serialize_keras_object(layer)
    own = described["config"].get("seed")
    if isinstance(own, int):
        described["config"]["seed"] = int(np.random.SeedSequence((own, seed)).generate_state(1)[0] >> 1)
    return described


def draw_changes(augment, n_augmentations, random_state):
    """Functions that change a batch X, each with draws of its own; layers that mix cases are left out."""
    if isinstance(n_augmentations, bool) or not isinstance(n_augmentations, numbers.Integral) or n_augmentations < 0:
        raise ValueError(f"n_augmentations must be a whole number of at least 0, got {n_augmentations!r}.")
    layers = [layer for layer in listed(augment) if not getattr(layer, "mixes_cases", False)]
    if n_augmentations and not layers:
        raise ValueError(f"n_augmentations={n_augmentations} needs layers that change a case, got augment={augment!r}.")
    seed = random_state if isinstance(random_state, numbers.Integral) else 0
    draws = np.random.SeedSequence(seed).generate_state(n_augmentations).tolist()
    return [partial(_changed, fresh_layers(layers, draw)) for draw in draws]


def _changed(layers, X):
    """A batch as these layers change it."""
    inputs = X, np.ones((len(X), 1), np.float32), np.ones(len(X), np.float32)
    for layer in layers:
        inputs = layer(inputs, training=True)
    return np.asarray(inputs[0])
