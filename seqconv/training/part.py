"""Cases to train on or to validate on, with their targets and weights."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from seqconv.data.cases import DecodedCases, StoredCases
from seqconv.data.survey import Survey
from seqconv.training.batches import made_ahead, trimmed


@dataclass(frozen=True)
class Part:
    """Cases with targets and weights.

    Parameters
    ----------
    cases : StoredCases or DecodedCases
    survey : Survey
        Facts about all cases.
    y : array of float32, shape (n_cases, n_outputs)
        Targets as the loss takes them.
    weight : array of float32, shape (n_cases,)
        Weights of mean 1.
    groups : array of int, shape (n_cases,), optional
        Cases of one group are not told apart when cases are left out.
    """

    cases: StoredCases | DecodedCases
    survey: Survey
    y: np.ndarray
    weight: np.ndarray
    groups: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.y)

    def of(self, rows: np.ndarray) -> "Part":
        """Return some of the cases, with weights of mean 1."""
        weight = self.weight[rows] / self.weight[rows].mean()
        groups = None if self.groups is None else self.groups[rows]
        return Part(self.cases.of(rows), self.survey.of(rows), self.y[rows], weight, groups)

    def batch(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return X, targets and weights of these cases."""
        X = trimmed(self.cases, rows, self.survey.lengths, self.survey.n_steps)
        return X, self.y[rows], self.weight[rows]

    def batches(self, plan: np.ndarray | list[np.ndarray]) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Yield the batch of each row of `plan`; the next ones are decoded in another thread meanwhile."""
        return made_ahead(self.batch, plan) if self.cases.is_decoded else map(self.batch, plan)
