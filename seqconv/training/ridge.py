"""Ridge regression in closed form, with the prediction of each case by the solution for all others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from scipy.linalg import LinAlgError, eigh, solve

from seqconv.training.temperature import best_temperature

# Times the mean squared norm of a case's features.
_PENALTIES = np.logspace(-5, 5, 21)
_ROWS = 1_024
_MANY_RESIDUALS = 10_000_000


@dataclass(frozen=True)
class Ridge:
    """Solution of a ridge regression with an intercept.

    Parameters
    ----------
    kernel : array of float32, shape (n_features, n_outputs)
        With `bias` it gives scores: logits for classes and labels, the answers for numbers.
    bias : array of float32, shape (n_outputs,)
    left_out : array of float64, shape (n_cases, n_outputs)
        Score of each training case by the solution for all others, at the chosen penalty.
    loss : float
        Loss of these scores.
    penalty : float
        Penalty on the squared kernel, before scores became logits.
    """

    kernel: np.ndarray
    bias: np.ndarray
    left_out: np.ndarray
    loss: float
    penalty: float


def solve_ridge(
    features: np.ndarray | Callable[[], Iterable[np.ndarray]],
    y: np.ndarray,
    weight: np.ndarray,
    activation: str,
    penalties: np.ndarray | None = None,
    gram: np.ndarray | None = None,
    groups: np.ndarray | None = None,
) -> Ridge:
    """Solve a weighted ridge regression; penalty and temperature have the least leave-one-out loss.

    Where the features are fewer than the cases, the Gram matrix of the features is decomposed, else that of the cases.

    Parameters
    ----------
    features : array of shape (n_cases, n_features), or callable
        About centred, because products of float32 are summed. A callable returns an iterator over consecutive blocks of
        rows, so that the features need not fit in memory. It is called twice.
    y : array of shape (n_cases, n_outputs)
        0 and 1 for classes and labels, numbers for "linear".
    weight : array of shape (n_cases,)
        Above 0.
    activation : {"softmax", "sigmoid", "linear"}
        Of the head; it names the loss.
    penalties : array, optional
        Penalties to choose from, times the mean squared norm of a case's features.
    gram : array of shape (n_cases, n_cases), optional
        Products of the features of all pairs of cases, where they are known.
    groups : array of int, shape (n_cases,), optional
        Cases of one group are left out together. Ignored where there is one group, or where `features` is a callable.

    Returns
    -------
    Ridge

    References
    ----------
    Rifkin and Lippert (2007), "Notes on regularized least squares", section 3, for the leave-one-out errors.
    """
    weight = np.asarray(weight, np.float64) / np.mean(weight)
    # Classes are -1 and 1, so that 0 is undecided.
    targets = np.asarray(y, np.float64) if activation == "linear" else 2.0 * y - 1
    y_mean = weight @ targets / len(targets)
    root = np.sqrt(weight)[:, None]
    scaled, together = (targets - y_mean) * root, _together(groups)
    multiples = _PENALTIES if penalties is None else np.asarray(penalties)
    if callable(features) or len(y) > features.shape[1]:
        penalties, residuals, make_kernel, x_mean = _solve_by_features(features, scaled, root, multiples, together)
    else:
        gram = features @ features.T if gram is None else gram
        penalties, residuals, make_kernel, x_mean = _solve_by_cases(features, gram, scaled, root, multiples, together)
    losses = [best_temperature(targets - one / root, y, weight, activation) for one in residuals]
    best = int(np.argmin([loss for loss, _ in losses]))
    of_class = (np.asarray(y) > 0.5).sum(axis=0)
    if activation == "softmax" and 2 * (of_class == 1).sum() > len(targets):
        # Most cases have no other of their class to be told by: their leave-one-out answers are always wrong.
        best = int(np.argmin(np.abs(np.log(multiples))))
        losses[best] = losses[best][0], 1.0
    loss, temperature = losses[best]
    kernel = make_kernel(best) * temperature
    bias = y_mean * temperature - x_mean @ kernel
    return Ridge(
        kernel.astype(np.float32),
        bias.astype(np.float32),
        (targets - residuals[best] / root) * temperature,
        loss,
        float(penalties[best]),
    )


def _together(groups):
    """Return the rows of each group of several cases; nothing where all cases are of one group."""
    if groups is None:
        return []
    order = np.argsort(groups, kind="stable")
    ends = np.flatnonzero(np.diff(groups[order])) + 1
    several = [rows for rows in np.split(order, ends) if len(rows) > 1]
    return several if len(ends) else []


def _solve_by_cases(X, gram, targets, root, multiples, together):
    """Decompose the Gram matrix of the cases: residuals are dual coefficients over the diagonal of the inverse.

    The usual form, residual over 1 - leverage, has no digits left where there are more features than cases.
    """
    n_cases = len(X)
    share = np.square(root[:, 0]) / n_cases
    gram = gram.astype(np.float64)
    level = gram @ share
    gram += share @ level - level[:, None] - level  # centred by the weighted means
    gram *= root * root.T
    trace = np.trace(gram)
    # The direction of the intercept becomes the largest, so that it can be told from others of no variance.
    gram += (2 * trace + 1) / n_cases * root * root.T
    values, vectors = eigh(gram, overwrite_a=True, driver="evd", check_finite=False)
    values, vectors = np.maximum(values[:-1], 0), vectors[:, :-1]
    projected, squared = vectors.T @ targets, np.square(vectors)
    penalties = multiples * max(trace / n_cases, 1e-12)
    inverse = 1 / (values + penalties[:, None])  # (penalties, rank)
    duals = np.stack([vectors @ (projected * each[:, None]) for each in inverse])
    diagonal = squared @ inverse.T  # (cases, penalties)
    residuals = duals / np.maximum(diagonal.T, 1e-300)[:, :, None]
    for rows in together:
        own = vectors[rows]
        for i, each in enumerate(inverse):
            residuals[i, rows] = _solved((own * each) @ own.T, duals[i, rows])
    return penalties, residuals, lambda best: X.T @ (duals[best] * root).astype(X.dtype), share @ X


def _solve_by_features(features, targets, root, multiples, together):
    """Decompose the Gram matrix of the features; two passes over blocks of rows."""
    blocks = features if callable(features) else _rows_of(features)
    share = np.square(root) / len(root)
    x_mean, gram, cross, start = 0.0, 0.0, 0.0, 0
    for block in blocks():
        rows = slice(start, start + len(block))
        scaled = block.astype(np.float64) * root[rows]
        x_mean = x_mean + (share[rows] * block).sum(axis=0)
        gram, cross = gram + scaled.T @ scaled, cross + scaled.T @ targets[rows]
        start += len(block)
    gram -= len(root) * np.outer(x_mean, x_mean)
    # Targets have mean 0, so that the means of the features drop out of `cross`.
    trace = np.trace(gram)
    values, vectors = eigh(gram, overwrite_a=True, driver="evd", check_finite=False)
    values = np.maximum(values, 0)
    projected = vectors.T @ cross
    penalties = multiples * max(trace / len(root), 1e-12)
    inverse = 1 / (values + penalties[:, None])  # (penalties, features)
    # With many cases and classes this is the largest array.
    is_large = len(penalties) * targets.size > _MANY_RESIDUALS
    residuals, start = np.empty((len(penalties), *targets.shape), np.float32 if is_large else np.float64), 0
    for block in blocks():
        rows = slice(start, start + len(block))
        rotated = (block - x_mean) * root[rows] @ vectors
        # Share of its own prediction that a case has, the intercept's included.
        own = np.square(rotated) @ inverse.T + share[rows]  # (cases, penalties)
        for i, each in enumerate(inverse):
            apart = targets[rows] - rotated @ (projected * each[:, None])
            residuals[i, rows] = apart / np.maximum(1 - own[:, [i]], 1e-9)
        start += len(block)
    for rows in together if not callable(features) else []:
        rotated = (features[rows] - x_mean) * root[rows] @ vectors
        for i, each in enumerate(inverse):
            hat = (rotated * each) @ rotated.T + root[rows] * root[rows].T / len(root)
            apart = targets[rows] - rotated @ (projected * each[:, None])
            residuals[i, rows] = _solved(np.eye(len(rows)) - hat, apart)
    return penalties, residuals, lambda best: vectors @ (projected * inverse[best][:, None]), x_mean


def _solved(matrix, targets):
    """Solve for a positive matrix; by least squares, many times slower, if rounding made it no such matrix."""
    try:
        return solve(matrix, targets, assume_a="pos", check_finite=False)
    except LinAlgError:
        return np.linalg.lstsq(matrix, targets, rcond=None)[0]


def _rows_of(X):
    return lambda: (X[start : start + _ROWS] for start in range(0, len(X), _ROWS))
