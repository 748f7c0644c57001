"""Keras objects in pickles: by class and config, because Keras writes the time of day into its own pickles."""

import sys
from typing import Any


class Packed:
    """A Keras layer or optimizer that is pickled by its class and config, and unpickled as itself."""

    def __init__(self, value: Any):
        self.value = value

    def __reduce__(self):
        import keras

        return keras.saving.deserialize_keras_object, (keras.saving.serialize_keras_object(self.value),)


def packed(value: Any) -> Any:
    """Wrap a Keras layer or optimizer, or each one of a list; return anything else unchanged."""
    if isinstance(value, list | tuple):
        return type(value)(map(packed, value)) if type(value) in (list, tuple) else value
    keras = sys.modules.get("keras")
    is_keras = keras is not None and isinstance(
        value, keras.layers.Layer | keras.optimizers.Optimizer | keras.metrics.Metric
    )
    return Packed(value) if is_keras else value


def unpacked(value: Any) -> Any:
    """Return what `packed` was given; after unpickling nothing is left to unwrap, after a shallow copy it is."""
    if type(value) in (list, tuple):
        return type(value)(map(unpacked, value))
    return value.value if isinstance(value, Packed) else value
