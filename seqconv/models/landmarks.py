"""The one graph of every model: input, stem, features, pooling, and what the head makes of them."""

import contextlib
import random
import threading

import keras

from seqconv import encoders
from seqconv.layers import global_pooling
from seqconv.models.stem import SeriesStem

_LOCK = threading.Lock()


@contextlib.contextmanager
def seeded(seed):
    """Within the block Keras draws its default seeds from `seed`; afterwards Python's random state is as found.

    Keras takes every seed that is not given from Python's generator: initial weights and dropout both.
    """
    if seed is None:
        yield
        return
    with _LOCK:  # the generator is one for all threads
        state = random.getstate()
        random.seed(seed)
        try:
            yield
        finally:
            random.setstate(state)


def draw_pooled(encoder, input_shape, stem, pooling):
    """Input tensor and pooled features ``(batch, features)`` with the landmarks stem, features and pooling.

    Returns
    -------
    inputs, pooled : KerasTensor
    encoder : Encoder
        The encoder drawn, for what its paper says of the head.
    """
    encoder = encoders.get(encoder)
    stem = SeriesStem() if stem is None else stem
    inputs = stem.input(input_shape)  # (batch, steps, channels), or ids (batch, steps[, pieces])
    features = keras.layers.Identity(name="features")(encoder(stem(inputs)))  # (batch, steps, features)
    layer = global_pooling.get(encoder.pooling if pooling is None else pooling)
    pooled = layer.from_config(layer.get_config() | {"name": "pooling"})(features)  # (batch, features)
    if len(pooled.shape) != 2:
        raise ValueError(
            f"pooling must spend the steps and give (batch, features), but {type(layer).__name__} gives {pooled.shape}; "
            f"{'set its flatten=True' if hasattr(layer, 'flatten') else 'give a global pool'}."
        )
    return inputs, pooled, encoder


def draw_head(pooled, encoder, units, activation, name="head"):
    """Dropout and the last dense layer, as the encoder's paper has them; ``(batch, units)`` in float32."""
    if encoder.dropout:
        pooled = keras.layers.Dropout(encoder.dropout, name="dropout")(pooled)
    bound = None if encoder.max_norm is None else keras.constraints.MaxNorm(encoder.max_norm)
    layer = keras.layers.Dense(units, activation=activation, kernel_constraint=bound, dtype="float32", name=name)
    return layer(pooled)
