"""The one graph of every model: input, stem, features, pooling, and what the head makes of them."""

import contextlib
import numbers
import random
import re
import threading

import keras

from seqconv import encoders
from seqconv.layers import pooling as poolings
from seqconv.models.series_stem import SeriesStem

# Python's generator is one for all threads: who draws from it or restores it holds this.
GENERATOR_LOCK = threading.RLock()


@contextlib.contextmanager
def seeded(seed):
    """Within the block Keras draws its default seeds from `seed`; afterwards Python's random state is as found.

    Keras takes every seed that is not given from Python's generator: initial weights and dropout both.
    """
    if not (seed is None or isinstance(seed, numbers.Integral)):
        raise TypeError(f"seed must be None or a whole number, got {seed!r}.")
    with GENERATOR_LOCK:
        if seed is None:
            yield
            return
        state = random.getstate()
        random.seed(int(seed))
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
    _name_by_place(keras.Model(inputs, features).layers)
    layer = poolings.get(encoder.pooling if pooling is None else pooling)
    pooled = layer.from_config(layer.get_config() | {"name": "pooling"})(features)  # (batch, features)
    if len(pooled.shape) != 2:
        raise ValueError(
            f"pooling must spend the steps and give (batch, features), but {type(layer).__name__} gives {pooled.shape}; "
            f"{'set its flatten=True' if hasattr(layer, 'flatten') else 'give a global pool'}."
        )
    return inputs, pooled, encoder


def draw_head(pooled, encoder, units, activation, name="head"):
    """Dropout and the last dense layer, as the encoder's paper has them; ``(batch, units)`` in float32."""
    kind, dropout, max_norm = type(encoder).__name__, encoder.dropout, encoder.max_norm
    if not (dropout is None or (isinstance(dropout, numbers.Real) and 0 <= dropout < 1)):
        raise ValueError(f"dropout of {kind} must be None or a number from 0 to below 1, got {dropout!r}.")
    if not (max_norm is None or (isinstance(max_norm, numbers.Real) and max_norm > 0)):
        raise ValueError(f"max_norm of {kind} must be None or a number above 0, got {max_norm!r}.")
    if dropout:
        pooled = keras.layers.Dropout(dropout, name="dropout")(pooled)
    bound = None if max_norm is None else keras.constraints.MaxNorm(max_norm)
    layer = keras.layers.Dense(units, activation=activation, kernel_constraint=bound, dtype="float32", name=name)
    return layer(pooled)


def _name_by_place(layers):
    """Call the layers that Keras named by their place: ``masked_conv1d_at_12``.

    Keras numbers them on through the process, and TensorFlow orders sums by the names, ``conv_100`` before ``conv_99``: the
    last bits of a fit would depend on how many models were built before it.
    """
    for place, layer in enumerate(layers):
        kind = re.sub(r"_\d+$", "", layer.name)
        if kind.replace("_", "") == type(layer).__name__.lower():  # no name of the user's
            layer.name = f"{kind}_at_{place}"
