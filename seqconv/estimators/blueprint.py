"""Everything needed to draw a network again, in any process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras.src.backend.common import global_state
from keras.src.backend.common.variables import initialize_all_variables

from seqconv import encoders
from seqconv.estimators.packing import packed
from seqconv.models import SeriesStem, TokenStem, build_classifier, build_regressor
from seqconv.training.forks import check_process


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
    dtype : str
        Name of the dtype policy of Keras under which the network is drawn.
    """

    encoder: encoders.Encoder
    input_shape: tuple[int | None, ...]
    n_outputs: int
    activation: str
    stem: SeriesStem | TokenStem
    pooling: Any = None
    dtype: str = "float32"

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"pooling": packed(self.pooling)}

    def draw(self, seed: int | None = None) -> keras.Model:
        """Return a new network; its weights are drawn from the seed."""
        check_process()
        settings = {"stem": self.stem, "pooling": self.pooling, "seed": seed}
        with _dtype_policy(self.dtype):
            if self.activation == "linear":
                return build_regressor(self.encoder, self.input_shape, self.n_outputs, **settings)
            is_multi_label = self.activation == "sigmoid"
            return build_classifier(
                self.encoder, self.input_shape, self.n_outputs, multi_label=is_multi_label, **settings
            )

    def restore(self, weights: dict[str, np.ndarray]) -> list[keras.Model]:
        """Draw networks with stored weights.

        Parameters
        ----------
        weights : dict of str to array
            What `weights_of` returned, perhaps from an untrusted file. No memory is allocated before all shapes agree.

        Raises
        ------
        ValueError
            If the weights are not those of such networks; the message names the first that differs.
        """
        check_process()
        n_members = len({name.split("/")[1] for name in weights if "/" in name})
        if n_members == 0:
            raise ValueError("there are no weights of a network.")
        with _unallocated():
            networks = [self.draw() for _ in range(n_members)]
            places = {name: variable for i, network in enumerate(networks) for name, variable in _places(network, i)}
            for name in sorted(places.keys() | weights.keys()):
                found, needed = (_form(one.get(name)) for one in (weights, places))
                if found != needed:
                    raise ValueError(f"{name} must be {needed}, the file has {found}.")
        for name, variable in places.items():
            variable.assign(weights[name])
        return networks


def weights_of(networks: list[keras.Model]) -> dict[str, np.ndarray]:
    """Return the weights of networks by member, layer, number and name: ``members/0/head/0/kernel``."""
    return {
        name: np.asarray(variable.numpy())
        for number, network in enumerate(networks)
        for name, variable in _places(network, number)
    }


def _places(network, number):
    for layer in network.layers:
        for i, variable in enumerate(layer.weights):
            yield f"members/{number}/{layer.name}/{i}/{variable.name}", variable


def _form(array):
    return "none" if array is None else f"{array.dtype} {tuple(array.shape)}"


@contextmanager
def _dtype_policy(name: str) -> Iterator[None]:
    """Draw under a dtype policy, and restore the user's own afterwards."""
    own = keras.config.dtype_policy()
    if own.name == name:
        yield
        return
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(own)


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
