"""A fitted bank, which answers without Keras."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from seqconv.banks.series import Series
from seqconv.data.cases import StoredCases
from seqconv.training.bank_head import BankHead
from seqconv.training.batches import trimmed

# Cases in a matrix product. Fewer are filled up, so that a case alone has the bits that it has among others.
_CHUNK = 32


class BankModel:
    """A fixed bank with its learnt arrays, which answers as the network drawn from them does.

    Parameters
    ----------
    encoder : FixedBank
        With its `n_steps`.
    arrays : dict of str to array
        Weights of the network by ``layer/weight``.
    sizes : list of int
        Features of each bank where there are several with heads of their own; else empty.
    activation : {"softmax", "sigmoid", "linear"}
    scaling : {"standard", "robust", "case"} or None
        Scaling of the channels before the bank.
    """

    def __init__(
        self, encoder: Any, arrays: dict[str, np.ndarray], sizes: Sequence[int], activation: str, scaling: str | None
    ):
        self.encoder, self.arrays, self.sizes, self.scaling = encoder, arrays, list(sizes), scaling
        self.activation = activation
        name = "scaled_head" if activation == "linear" else "head"
        head = BankHead(
            arrays[f"{name}/kernel"], arrays[f"{name}/bias"], arrays.get(f"{name}/share"), self.sizes, activation
        )
        # The scaling of the features costs nothing in the kernel.
        self._head = head.folded(arrays["pooling/centre"], arrays["pooling/scale"])

    def __reduce__(self):
        return BankModel, (self.encoder, self.arrays, self.sizes, self.activation, self.scaling)

    def predict(self, cases: StoredCases, lengths: np.ndarray | None = None) -> np.ndarray:
        """Return probabilities, or numbers, of all cases: float32 (n_cases, n_outputs).

        Parameters
        ----------
        cases : StoredCases
        lengths : array of int, shape (n_cases,), optional
            Steps of each case up to its last observed one.
        """
        n_steps = cases.X.shape[1]
        lengths = np.full(len(cases), n_steps) if lengths is None else lengths

        def answer(rows):
            series = read_series(trimmed(cases, rows, lengths, n_steps), self.arrays, self.scaling)
            features = self.encoder.transform(series, self.arrays)
            filled = np.zeros((_CHUNK, features.shape[1]), np.float32)
            filled[: len(rows)] = features
            return self._head.answer(filled)[: len(rows)]

        answers = np.concatenate(_in_threads(answer, chunks(len(cases))))
        if self.activation == "linear":
            answers = answers * self.arrays["head/scale"] + self.arrays["head/centre"]
        return answers

    def write_into(self, network: Any) -> None:
        """Set the weights of a network that was drawn for this bank."""
        for layer in network.layers:
            for weight in layer.weights:
                weight.assign(self.arrays[f"{layer.name}/{weight.name}"])

    @classmethod
    def of(cls, network: Any, encoder: Any, activation: str, scaling: str | None) -> "BankModel":
        """Take the weights of a network that was drawn for a bank."""
        arrays = {
            f"{layer.name}/{weight.name}": np.asarray(weight.numpy())
            for layer in network.layers
            for weight in layer.weights
        }
        return cls(encoder, arrays, getattr(network.get_layer("head"), "sizes", []), activation, scaling)


def read_series(X: np.ndarray, arrays: dict[str, np.ndarray], scaling: str | None) -> Series:
    """Scale X, (cases, steps, channels) with NaN, as the stem of the network does."""
    if scaling == "case":
        return Series.read(X, *_own_moments(X))
    return Series.read(X, arrays.get("scaling/centre"), arrays.get("scaling/scale"))


def chunks(n_cases: int, size: int = _CHUNK) -> list[np.ndarray]:
    """Return the positions of all cases, some at a time."""
    return [np.arange(start, min(start + size, n_cases)) for start in range(0, n_cases, size)]


def _own_moments(X):
    """Mean and deviation of the observed values of each case and channel, (cases, 1, channels)."""
    observed = ~np.isnan(X)
    count = np.maximum(observed.sum(axis=1, keepdims=True), 1)
    values = np.where(observed, X, 0).astype(np.float64)
    centre = values.sum(axis=1, keepdims=True) / count
    deviation = np.sqrt(np.square(np.where(observed, values - centre, 0)).sum(axis=1, keepdims=True) / count)
    # A constant channel becomes 0, not the rounding of its level.
    deviation = np.where(deviation <= 1e-7 * np.abs(centre), 1, deviation)
    return centre.astype(np.float32), deviation.astype(np.float32)


def _in_threads(function: Callable[[np.ndarray], np.ndarray], items: list[np.ndarray]) -> list[np.ndarray]:
    """Map over items in order, in as many threads as this process has cores; the kernels release the interpreter."""
    n_cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if min(len(items), n_cores) < 2:
        return [function(item) for item in items]
    with ThreadPoolExecutor(min(len(items), n_cores)) as pool:
        return list(pool.map(function, items))
