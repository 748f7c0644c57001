"""Everything needed to draw a network again, in any process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from reprlib import repr as shown
from typing import Any

import keras
import numpy as np
from keras.src.backend.common import global_state
from keras.src.backend.common.variables import initialize_all_variables

from seqconv import encoders
from seqconv.arguments import choice, is_whole
from seqconv.estimators.registry import describe_object, make_object
from seqconv.models import SeriesStem, TokenStem, build_classifier, build_regressor
from seqconv.saving.plain import require_keys

# Parameters of a stem that are not learnt from data.
_STEMS = {
    "SeriesStem": (SeriesStem, ("scaling", "indicator")),
    "TokenStem": (TokenStem, ("n_tokens", "n_dims", "mode", "dropout")),
}


@dataclass(frozen=True)
class Blueprint:
    """Structure of a network, without its weights.

    Parameters
    ----------
    encoder : Encoder
    input_shape : tuple
        ``(None, n_channels)`` for series, ``(None,)`` or ``(None, n_pieces)`` for tokens.
    n_outputs : int
    activation : {"softmax", "sigmoid", "linear"}
        Of the head: one class of several, any number of labels, or numbers.
    stem : SeriesStem or TokenStem
        Its statistics or vectors are not part of the blueprint.
    pooling : str, keras.layers.Layer or None
    """

    encoder: encoders.Encoder
    input_shape: tuple[int | None, ...]
    n_outputs: int
    activation: str
    stem: SeriesStem | TokenStem
    pooling: Any = None

    def draw(self, seed: int | None = None) -> keras.Model:
        """Return a new network; its weights are drawn from the seed."""
        settings = {"stem": self.stem, "pooling": self.pooling, "seed": seed}
        if self.activation == "linear":
            return build_regressor(self.encoder, self.input_shape, self.n_outputs, **settings)
        is_multi_label = self.activation == "sigmoid"
        return build_classifier(self.encoder, self.input_shape, self.n_outputs, multi_label=is_multi_label, **settings)

    def restore(self, weights: dict[str, np.ndarray], n_members: int) -> list[keras.Model]:
        """Draw networks with stored weights.

        Parameters
        ----------
        weights : dict of str to array
            What `weights_of` returned, perhaps from an untrusted file. No memory is allocated before all shapes agree.
        n_members : int

        Raises
        ------
        ValueError
            If the weights are not those of such networks; the message names the first that differs.
        """
        if len(self.encoder.convolutions()) * n_members > len(weights):
            raise ValueError(f"{len(weights)} weights are too few for {n_members} of {self.encoder!r}.")
        with _unallocated():
            networks = [self.draw() for _ in range(n_members)]
            places = [place for number, network in enumerate(networks) for place in _places(network, number)]
            if len(places) != len(weights):
                raise ValueError(f"the networks have {len(places)} weights, the file has {len(weights)}.")
            for name, variable in places:
                array = weights.get(name)
                found = "none" if array is None else f"{array.dtype} {array.shape}"
                if found != f"{variable.dtype} {tuple(variable.shape)}":
                    raise ValueError(f"{name} must be {variable.dtype} {tuple(variable.shape)}, the file has {found}.")
        for name, variable in places:
            variable.assign(weights[name])
        return networks


def weights_of(networks: list[keras.Model]) -> dict[str, np.ndarray]:
    """Return the weights of networks by member, layer, number and name: ``members/0/head/0/kernel``."""
    return {
        name: keras.ops.convert_to_numpy(variable)
        for number, network in enumerate(networks)
        for name, variable in _places(network, number)
    }


def _places(network, number):
    for layer in network.layers:
        for i, variable in enumerate(layer.weights):
            yield f"members/{number}/{layer.name}/{i}/{variable.name}", variable


@contextmanager
def _unallocated() -> Iterator[None]:
    """Draw networks whose variables have shapes, but no memory; it is allocated at the end, unless there is an error."""
    try:
        with keras.StatelessScope(initialize_variables=False):
            yield
    except BaseException:
        # Else Keras would allocate them after the next network that is drawn.
        global_state.set_global_attribute("uninitialized_variables", [])
        raise
    initialize_all_variables()


def describe_blueprint(blueprint: Blueprint) -> dict[str, Any]:
    """Return a blueprint as plain values.

    Raises
    ------
    ValueError
        If the class of encoder or pooling is neither ours nor registered with Keras.
    """
    stem, pooling = blueprint.stem, blueprint.pooling
    return {
        "encoder": describe_object(blueprint.encoder, "encoder"),
        "input_shape": list(blueprint.input_shape),
        "n_outputs": blueprint.n_outputs,
        "activation": blueprint.activation,
        "stem": {"kind": type(stem).__name__} | {name: getattr(stem, name) for name in _STEMS[type(stem).__name__][1]},
        "pooling": describe_object(pooling, "pooling") if isinstance(pooling, keras.layers.Layer) else pooling,
    }


def read_blueprint(described: Any) -> Blueprint:
    """Return the blueprint of an untrusted description.

    Raises
    ------
    ValueError
        If it is not what `describe_blueprint` returns.
    """
    keys = {"encoder", "input_shape", "n_outputs", "activation", "stem", "pooling"}
    require_keys(described, keys, "the blueprint")
    shape, n_outputs, stem = described["input_shape"], described["n_outputs"], described["stem"]
    is_shape = type(shape) is list and 1 <= len(shape) <= 2 and shape[0] is None
    if not is_shape or not all(n is None or is_whole(n, 1) for n in shape):
        raise ValueError(f"the shape of the input must be null and channels or pieces, got {shown(shape)}.")
    if not is_whole(n_outputs, 1):
        raise ValueError(f"the number of outputs must be at least 1, got {shown(n_outputs)}.")
    activation = choice("activation", described["activation"], ("softmax", "sigmoid", "linear"))
    if type(stem) is not dict or stem.get("kind") not in list(_STEMS):
        raise ValueError(f"the stem must be one of {', '.join(_STEMS)}, got {shown(stem)}.")
    made, names = _STEMS[stem["kind"]]
    require_keys(stem, {"kind", *names}, "the stem")
    if any(type(stem[name]) not in (bool, int, float, str, type(None)) for name in names):
        raise ValueError(f"the stem must have plain values, got {shown(stem)}.")
    pooling = described["pooling"]
    return Blueprint(
        make_object(described["encoder"], "encoder"),
        tuple(shape),
        n_outputs,
        activation,
        made(**{name: stem[name] for name in names}),
        make_object(pooling, "pooling") if type(pooling) is dict else pooling,
    )
