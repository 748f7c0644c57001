"""Head of a fixed bank: linear classifiers in closed form and their mixture."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from seqconv.training.mixture import mixture_shares
from seqconv.training.ridge import solve_ridge
from seqconv.training.temperature import log_loss, probabilities


@dataclass(frozen=True)
class BankHead:
    """Scores on all features, and on those of each bank, and the shares of their answers.

    Parameters
    ----------
    kernel : array of float32, shape (n_features, n_outputs) or (n_features, 2 * n_outputs)
        For all features; then for those of each bank, where `sizes` has several.
    bias : array of float32, shape (n_outputs,) or (n_banks + 1, n_outputs)
    share : array of float32, shape (n_banks + 1,), or None for one head
    sizes : list of int
        Features of each bank; empty for one head.
    activation : {"softmax", "sigmoid", "linear"}
    """

    kernel: np.ndarray
    bias: np.ndarray
    share: np.ndarray | None
    sizes: list[int]
    activation: str

    def answer(self, features: np.ndarray) -> np.ndarray:
        """Return probabilities, or numbers, of features (n_cases, n_features)."""
        if self.share is None:
            return probabilities(features @ self.kernel + self.bias, self.activation)
        n_outputs = self.bias.shape[1]
        answers = self.share[0] * probabilities(features @ self.kernel[:, :n_outputs] + self.bias[0], self.activation)
        for part, bias, share in zip(_parts(self.sizes), self.bias[1:], self.share[1:], strict=True):
            scores = features[:, part] @ self.kernel[part, n_outputs:] + bias
            answers = answers + share * probabilities(scores, self.activation)
        return answers

    def folded(self, centre: np.ndarray, scale: np.ndarray) -> "BankHead":
        """Return the head of the features before a centre was subtracted and they were divided by a scale."""
        # In float64: features of a high level would leave no digits.
        kernel, centre = self.kernel.astype(np.float64) / scale[:, None], centre.astype(np.float64)
        if self.share is None:
            levels = centre @ kernel
        else:
            n_outputs = self.bias.shape[1]
            levels = [centre @ kernel[:, :n_outputs]]
            levels += [centre[part] @ kernel[part, n_outputs:] for part in _parts(self.sizes)]
        bias = (self.bias - np.asarray(levels)).astype(np.float32)
        return BankHead(kernel.astype(np.float32), bias, self.share, self.sizes, self.activation)


def solve_head(
    features: list[np.ndarray],
    is_joined: list[bool],
    y: np.ndarray,
    weight: np.ndarray,
    activation: str,
    groups: np.ndarray | None = None,
) -> tuple[BankHead, np.ndarray, float]:
    """Solve a head on the features of all joined banks, and one on each; mix them by their leave-one-out answers.

    Parameters
    ----------
    features : list of arrays of float32, shape (n_cases, n_features)
        Scaled features of each bank.
    is_joined : list of bool
        Which banks are in the head on several.
    y : array of shape (n_cases, n_outputs)
    weight : array of shape (n_cases,)
    activation : {"softmax", "sigmoid", "linear"}
        "linear" has the head on all banks alone.
    groups : array of int, shape (n_cases,), optional
        Cases of one group are left out together.

    Returns
    -------
    head : BankHead
    left_out : array of float64, shape (n_cases, n_outputs)
        Answer to each case by the heads fitted to all others.
    loss : float
        Mean loss of these answers.
    """
    if len(features) == 1 or activation == "linear":
        whole = features[0] if len(features) == 1 else np.concatenate(features, axis=1)
        return solve_one_head(whole, y, weight, activation, groups)
    sizes, n_outputs = [one.shape[1] for one in features], y.shape[1]
    is_joined = is_joined if any(is_joined) else [True] * len(features)
    grams = [one @ one.T if len(one) <= one.shape[1] else None for one in features]
    chosen = [i for i, joined in enumerate(is_joined) if joined]
    gram = None if any(grams[i] is None for i in chosen) else sum(grams[i] for i in chosen)
    joint = solve_ridge(
        np.concatenate([features[i] for i in chosen], axis=1), y, weight, activation, gram=gram, groups=groups
    )
    solved = [joint]
    known = y, weight, activation
    solved += [solve_ridge(one, *known, gram=own, groups=groups) for one, own in zip(features, grams, strict=True)]
    kernel, start = np.zeros((sum(sizes), 2 * n_outputs), np.float32), 0
    for i, part in enumerate(_parts(sizes)):
        kernel[part, n_outputs:] = solved[i + 1].kernel
        if is_joined[i]:
            kernel[part, :n_outputs] = joint.kernel[start : start + sizes[i]]
            start += sizes[i]
    answers = np.stack([probabilities(one.left_out, activation) for one in solved])
    share = mixture_shares(answers, y, weight, activation)
    left_out = np.tensordot(share, answers, 1)
    bias = np.stack([one.bias for one in solved])
    head = BankHead(kernel, bias, share.astype(np.float32), sizes, activation)
    return head, left_out, mean_loss(left_out, y, weight, activation)


def solve_one_head(
    features: np.ndarray | Callable[[], Iterable[np.ndarray]],
    y: np.ndarray,
    weight: np.ndarray,
    activation: str,
    groups: np.ndarray | None = None,
    sizes: list[int] | None = None,
) -> tuple[BankHead, np.ndarray, float]:
    """Solve the head on all features alone, as `solve_head` does.

    With `sizes` it is a mixture in which the heads on single banks have no share.
    """
    solved = solve_ridge(features, y, weight, activation, groups=groups)
    left_out = probabilities(solved.left_out, activation)
    loss = solved.loss if activation == "linear" else mean_loss(left_out, y, weight, activation)
    if not sizes:
        return BankHead(solved.kernel, solved.bias, None, [], activation), left_out, loss
    bias = np.zeros((len(sizes) + 1, y.shape[1]), np.float32)
    bias[0] = solved.bias
    share = np.eye(len(sizes) + 1, dtype=np.float32)[0]
    kernel = np.concatenate([solved.kernel, np.zeros_like(solved.kernel)], axis=1)
    return BankHead(kernel, bias, share, sizes, activation), left_out, loss


def mean_loss(answers: np.ndarray, y: np.ndarray, weight: np.ndarray, activation: str) -> float:
    """Return the weighted mean log-loss of probabilities."""
    scores = np.log(np.clip(answers, 1e-12, 1))
    if activation == "sigmoid":
        scores = scores - np.log(np.clip(1 - answers, 1e-12, 1))
    return float(np.average(log_loss(scores, y, activation), weights=weight))


def _parts(sizes):
    ends = np.cumsum(sizes)
    return [slice(end - size, end) for size, end in zip(sizes, ends.tolist(), strict=True)]
