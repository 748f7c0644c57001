"""Several fixed banks joined."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from seqconv.banks.series import Series
from seqconv.encoders.fixed_bank import FixedBank
from seqconv.encoders.hydra import Hydra
from seqconv.encoders.interval_quantiles import IntervalQuantiles
from seqconv.encoders.mini_rocket import MiniRocket


class Bank(FixedBank):
    """Several fixed banks. The estimator gives each the same total variance, and mixes the answers of several heads.

    One head is on the features of all banks, and one on those of each. Their shares are chosen by the likelihood of
    leave-one-out answers. Interval quantiles have a head of their own alone. A regressor, and a fit on more than 4,000 cases,
    have the first head alone.

    Parameters
    ----------
    banks : sequence of FixedBank, optional
        None is MiniRocket on the series, MiniRocket on its first difference, Hydra, and interval quantiles without the
        spectrum.
    n_steps : int, optional
        Length of a case for which the dilations are chosen. None is the longest training case.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, features).
    Mask: as of the banks.
    Backend: all; on the CPU also by numba, without Keras.

    Examples
    --------
    >>> from seqconv.encoders import Bank, Hydra, MiniRocket
    >>> Bank([MiniRocket(), Hydra()], n_steps=150).receptive_field
    145
    """

    paper, year, domain = "several, joined", 2024, "series"

    def __init__(self, banks: Sequence[FixedBank] | None = None, n_steps: int | None = None) -> None:
        self.banks = banks
        self.n_steps = n_steps

    def members(self) -> list[FixedBank]:
        banks = self.banks
        if banks is None:
            # The spectrum adds next to nothing here, and does not export to ONNX.
            banks = MiniRocket(), MiniRocket(difference=True), Hydra(), IntervalQuantiles(spectrum=False)
        if not isinstance(banks, list | tuple) or not banks or not all(isinstance(one, FixedBank) for one in banks):
            raise TypeError(f"banks of Bank must be a list of fixed banks such as MiniRocket(), got {banks!r:.200}.")
        inner = [member for one in banks for member in one.members()]
        return inner if self.n_steps is None else [member.fitted_to(self.n_steps) for member in inner]

    def learn(self, series: Series, rng: np.random.Generator) -> tuple[dict[str, np.ndarray], list[np.ndarray]]:
        weights, features = {}, []
        for i, member in enumerate(self.members()):
            learnt, found = member.learn(series, rng)
            weights |= {f"{i}_{name}": array for name, array in learnt.items()}
            features += found
        return weights, features

    def transform(self, series: Series, weights: dict[str, np.ndarray]) -> np.ndarray:
        return np.concatenate(
            [member.transform(series, _own(weights, f"{i}_")) for i, member in enumerate(self.members())],
            axis=1,
        )

    def draw(self, x: Any, prefix: str = "") -> list[Any]:
        return [feature for i, member in enumerate(self.members()) for feature in member.draw(x, f"{prefix}{i}_")]

    def dilations(self) -> list[int]:
        return sorted({dilation for member in self.members() for dilation in member.dilations()})

    def convolutions(self) -> list[tuple[int, int, int]]:
        return max((member.convolutions() for member in self.members()), key=lambda path: path[0][0] * path[0][2])


def _own(weights, prefix):
    return {name.removeprefix(prefix): array for name, array in weights.items() if name.startswith(prefix)}
