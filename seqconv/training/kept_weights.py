"""The best weights of a training so far, in memory."""

from collections.abc import Callable
from typing import Any

import numpy as np


class KeptWeights:
    """Weights of the start, of the second best epoch and of the best.

    A loss is computed before the step that it causes. So only predictions show whether the best weights still give numbers.

    Parameters
    ----------
    network : keras.Model
        With its first weights.
    """

    def __init__(self, network: Any):
        self.network = network
        self.best = -np.inf
        self.kept = [(None, network.get_weights())]
        self.is_final = False

    @property
    def epoch(self) -> int:
        """Best epoch so far; 0 before the first one ended."""
        return self.kept[-1][0] or 0

    def offer(self, epoch: int, logs: dict[str, float], n_validation: int) -> None:
        """Keep the weights of an epoch that is within one standard error of the best."""
        merit = logs.get("val_accuracy", -logs.get("val_loss", logs["loss"]))
        if merit >= self.best - self._slack(n_validation):
            self.best = max(self.best, merit)
            self.kept = [self.kept[0], *self.kept[1:][-1:], (epoch, self.network.get_weights())]

    def by_callback(self, before: list[np.ndarray]) -> None:
        """Keep the weights that a callback has set in place of those `before`, whatever they are."""
        self.is_final = not all(map(np.array_equal, before, self.network.get_weights()))

    def restore(self, gives_numbers: Callable[[], bool]) -> tuple[int | None, bool]:
        """Set the best weights that give numbers; return their epoch, and whether they are the best of all."""
        if self.is_final:
            return self.epoch, True
        tried = list(self.kept)
        self.network.set_weights(tried[-1][1])
        while not gives_numbers() and len(tried) > 1:
            tried.pop()
            self.network.set_weights(tried[-1][1])
        return tried[-1][0], len(tried) == len(self.kept)

    def _slack(self, n_validation):
        """Return one standard error of the best accuracy: epochs within it are as good, and later ones are better."""
        if not 0 < self.best < 1:  # a loss, or an accuracy without an error
            return 0.0
        return np.sqrt(self.best * (1 - self.best) / n_validation)
