"""Global pools: where they are in a network, and their answers over all feature steps since a start."""

from typing import Any

import keras
import numpy as np

from seqconv import layers
from seqconv.models.stream_roles import cannot


class RunningPool:
    """Pool the feature steps since the last reset, at every step.

    Parameters
    ----------
    kinds : sequence of {"mean", "max", "last"}
        Pools whose answers are joined.
    """

    def __init__(self, kinds: tuple[str, ...]) -> None:
        self.kinds = kinds
        self.reset()

    def reset(self) -> None:
        """Forget all steps."""
        # Sums in double precision: a stream may be long.
        self._count, self._total, self._largest, self._last = 0, 0.0, -np.inf, 0.0

    def __call__(self, x: Any, mask: Any) -> np.ndarray:
        """Pool features (streams, steps, features) at each step; `mask` is (streams, steps) or None."""
        real = np.ones(x.shape[:2], bool) if mask is None else mask
        counts = self._count + np.cumsum(real, axis=1)  # (streams, steps)
        answers = [getattr(self, f"_{kind}_of")(x, real[..., None], counts[..., None]) for kind in self.kinds]
        self._count = counts[:, -1:]
        return np.concatenate(answers, axis=-1).astype(x.dtype)

    def _mean_of(self, x, real, counts):
        totals = self._total + np.cumsum(np.where(real, x, 0), axis=1, dtype=np.float64)
        self._total = totals[:, -1:]
        return totals / np.maximum(counts, 1)

    def _max_of(self, x, real, counts):
        largest = np.maximum(self._largest, np.maximum.accumulate(np.where(real, x, -np.inf), axis=1))
        self._largest = largest[:, -1:]
        return np.where(counts > 0, largest, 0)

    def _last_of(self, x, real, counts):
        n_cases, n_steps, n_features = x.shape
        x = np.concatenate([np.broadcast_to(self._last, (n_cases, 1, n_features)), x], axis=1)
        places = np.maximum.accumulate(np.where(real, np.arange(1, n_steps + 1)[:, None], 0), axis=1)
        last = np.take_along_axis(x, places, axis=1)
        self._last = last[:, -1:]
        return last


_KINDS = {
    layers.GlobalMeanPooling1D: ("mean",),
    layers.GlobalMaxPooling1D: ("max",),
    layers.GlobalMeanMaxPooling1D: ("mean", "max"),
    layers.LastPooling1D: ("last",),
    keras.layers.GlobalAveragePooling1D: ("mean",),
    keras.layers.GlobalMaxPooling1D: ("max",),
}


def running(layer: keras.layers.Layer) -> RunningPool:
    """Make the running form of a global pool.

    Raises
    ------
    ValueError
        If the pool needs a window.
    """
    if type(layer) not in _KINDS:
        raise ValueError(
            f"{layer.name} ({type(layer).__name__}) has no running form. Give window=, the steps that an answer pools."
        )
    return RunningPool(_KINDS[type(layer)])


def pooled_parts(model: Any) -> tuple[Any, Any]:
    """Return the layer that consumes the steps, or None, and the tensor (batch, steps, features) before it.

    Raises
    ------
    TypeError
        If `model` is not a Keras model with a graph.
    ValueError
        If it does not have one series as input and one output, or the steps are lost elsewhere.
    """
    if not isinstance(model, keras.Model) or not hasattr(model, "inputs"):
        raise TypeError(f"model must be a Keras model with a graph, got {type(model).__name__}.")
    if len(model.inputs) != 1 or len(model.outputs) != 1 or len(model.inputs[0].shape) != 3:
        raise ValueError(f"{model.name} must have one input (batch, steps, channels) and one output.")
    layer, features = None, model.outputs[0]
    while len(features.shape) != 3:
        layer, place, _ = features._keras_history
        # The first argument; the mask is another one.
        given = layer._inbound_nodes[place].arguments.args[0]
        if isinstance(layer, keras.Model) or isinstance(given, list | tuple):
            raise cannot(layer, "has several inputs after the steps", "one global pooling")
        features = given
    return layer, features
