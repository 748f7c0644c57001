"""What every recipe is: a way to bring about the weights of a network."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from seqconv.training.part import Part


@dataclass
class Outcome:
    """Result of a training.

    Attributes
    ----------
    history : dict of str to list of float
        One value an epoch.
    best_epoch : int or None
        Epoch whose weights the network has, counted from 0. None before the first epoch ended.
    interrupted : bool
        Whether Ctrl-C ended the training.
    left_out : array of shape (n_cases, n_outputs) or None
        Prediction of each training case by the solution for all others, where the recipe has it.
    """

    history: dict[str, list[float]] = field(default_factory=dict)
    best_epoch: int | None = None
    interrupted: bool = False
    left_out: Any = None


class Recipe(Protocol):
    """A way to train a network."""

    def fit(self, network: Any, training: Part, validation: Part | None, seed: int, title: str = "fit") -> Outcome:
        """Set the network's weights in place.

        Parameters
        ----------
        network : keras.Model
            Drawn and prepared, with the layers ``stem``, ``features``, ``pooling`` and ``head``.
        training : Part
        validation : Part or None
        seed : int
            Everything random is derived from it.
        title : str, default="fit"
            What messages call this training.
        """
        ...
