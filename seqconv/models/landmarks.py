"""Graph shared by all models: input, stem, features, pooling, and head."""

import contextlib
import random
import re
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import keras

from seqconv import encoders
from seqconv.arguments import number, whole
from seqconv.layers import FeatureScaling, SoftmaxMixture
from seqconv.layers.pooling import get as get_pooling
from seqconv.models.series_stem import SeriesStem

# Python has one generator for all threads: hold this lock while drawing from it or restoring it.
GENERATOR_LOCK = threading.RLock()


@contextlib.contextmanager
def seeded(seed: int | None) -> Iterator[None]:
    """Let Keras draw its default seeds from `seed` within the block, then restore Python's random state.

    Keras takes every seed that is not given from Python's generator, for initial weights and for dropout.

    Parameters
    ----------
    seed : int or None
        None leaves the generator alone.

    Raises
    ------
    ValueError
        If `seed` is neither None nor an integer.
    """
    seed = whole("seed", seed, optional=True)
    with GENERATOR_LOCK:
        if seed is None:
            yield
            return
        state = random.getstate()
        random.seed(seed)
        try:
            yield
        finally:
            random.setstate(state)


def draw_pooled(
    encoder: Any, input_shape: tuple, stem: Any, pooling: Any
) -> tuple[Any, Any, encoders.Encoder, list[int]]:
    """Draw a graph from the input to pooled features (batch, features).

    Its landmarks are the layers named stem, features and pooling.

    Returns
    -------
    inputs, pooled : KerasTensor
    encoder : Encoder
        The encoder drawn, with what its paper says of the head.
    sizes : list of int
        Features of each bank, where the encoder is several fixed banks; else empty.

    Raises
    ------
    ValueError
        If the encoder, the pooling or the shape is unknown, or the pooling keeps the steps.
    """
    encoder = encoders.get(encoder)
    stem = SeriesStem() if stem is None else stem
    inputs = stem.input(input_shape)  # (batch, steps, channels), or ids (batch, steps[, pieces])
    is_bank = isinstance(encoder, encoders.FixedBank)
    if is_bank and pooling is not None:
        raise ValueError(
            f"pooling must be None for {type(encoder).__name__}, which pools itself, got {pooling!r:.200}."
        )
    if is_bank and input_shape[0] is not None:
        encoder = encoder.fitted_to(input_shape[0])
    drawn = encoder.draw(stem(inputs)) if is_bank else [encoder(stem(inputs))]
    joined = drawn[0] if len(drawn) == 1 else keras.layers.Concatenate()(drawn)
    features = keras.layers.Identity(name="features")(joined)  # (batch, steps, features); of banks (batch, features)
    _name_by_place(keras.Model(inputs, features).layers)
    if is_bank:
        sizes = [one.shape[-1] for one in drawn] if len(drawn) > 1 else []
        return inputs, FeatureScaling(name="pooling")(features), encoder, sizes
    layer = get_pooling(encoder.pooling if pooling is None else pooling)
    pooled = layer.from_config(layer.get_config() | {"name": "pooling"})(features)
    if len(pooled.shape) != 2:
        raise ValueError(
            f"pooling must give (batch, features), but {type(layer).__name__} gives {pooled.shape}. "
            f"{'Set its flatten=True' if hasattr(layer, 'flatten') else 'Give a global pool'}."
        )
    return inputs, pooled, encoder, []


def draw_head(
    pooled: Any,
    encoder: encoders.Encoder,
    units: int,
    activation: str | None,
    name: str = "head",
    sizes: Sequence[int] = (),
) -> Any:
    """Draw the hidden layers, dropout and the last dense layer of the encoder's paper, (batch, units) in float32.

    With `sizes` it is a mixture of classifiers on all features and on parts of these sizes.

    Raises
    ------
    ValueError
        If the dropout, the norm or the dense layers of the encoder are out of their range.
    """
    kind = type(encoder).__name__
    dropout = number(f"dropout of {kind}", encoder.dropout, 0, below=1, optional=True)
    max_norm = number(f"max_norm of {kind}", encoder.max_norm, above=0, optional=True)
    for i, width in enumerate(encoder.dense):
        pooled = keras.layers.Dense(whole(f"dense of {kind}", width, 1), "relu", name=f"hidden_{i}")(pooled)
        pooled = keras.layers.Dropout(dropout, name=f"hidden_dropout_{i}")(pooled) if dropout else pooled
    if dropout and not encoder.dense:
        pooled = keras.layers.Dropout(dropout, name="dropout")(pooled)
    if sizes:
        return SoftmaxMixture(units, sizes, activation, dtype="float32", name=name)(pooled)
    bound = None if max_norm is None else keras.constraints.MaxNorm(max_norm)
    layer = keras.layers.Dense(units, activation=activation, kernel_constraint=bound, dtype="float32", name=name)
    return layer(pooled)


def _name_by_place(layers: Sequence[keras.layers.Layer]) -> None:
    """Rename the layers that Keras named by their place: ``masked_conv1d_at_12``."""
    # Keras counts its names through the process, and TensorFlow orders sums by names, ``conv_100`` before ``conv_99``.
    # So the last bits of a fit would depend on how many models were built before it.
    for place, layer in enumerate(layers):
        kind = re.sub(r"_\d+$", "", layer.name)
        is_of_keras = kind.replace("_", "") == type(layer).__name__.lower()
        if is_of_keras:
            layer.name = f"{kind}_at_{place}"
