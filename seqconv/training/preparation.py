"""Weights that are set from data before the training."""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Preparation:
    """Statistics and vectors that a drawn network starts with.

    Parameters
    ----------
    centre, scale : arrays of shape (n_channels,), optional
        For the layer ``scaling`` of a stem of series.
    vectors : array of shape (n_tokens, n_dims), optional
        For the embedding of a stem of tokens.
    target_centre, target_scale : arrays of shape (n_outputs,), optional
        For the layer ``head`` of a regressor, which answers in the user's units.
    """

    centre: np.ndarray | None = None
    scale: np.ndarray | None = None
    vectors: np.ndarray | None = None
    target_centre: np.ndarray | None = None
    target_scale: np.ndarray | None = None

    def apply(self, network: Any) -> None:
        """Set these weights in a network that a blueprint drew."""
        if self.centre is not None:
            network.get_layer("scaling").set_statistics(self.centre, self.scale)
        if self.vectors is not None:
            network.get_layer("stem").set_vectors(self.vectors)
        if self.target_centre is not None:
            network.get_layer("head").set_statistics(self.target_centre, self.target_scale)
