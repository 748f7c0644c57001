"""Fit the linear model of a text beside its network, from token ids."""

import warnings

import numpy as np
import scipy.sparse as sp
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.svm import LinearSVC

from seqconv.layers.wide_logits import pair_codes
from seqconv.training.part import Part

# From this number of cases on, a pair that occurs once has no weight.
_MANY_CASES = 1_000
# With so many rows for each pair, a seventh of the pairs, the rarest ones, find their row taken.
_ROWS_A_PAIR = 3
# Of tokens with pairs, shapes and n-grams.
_GROUP_WEIGHTS = (1.0, 0.5, 1.0)
_N_FOLDS = 3
# Of the errors beside the squared weights, with several classes. At 1 the log-loss of left-out cases was higher on three
# sets. With two classes both were level on three.
_PENALTY = 0.5
_SCALES = np.logspace(-1, 1.5, 26)
_FINER = np.logspace(-0.05, 0.05, 5)  # around the best of them


def fit_wide(part: Part, n_tokens: int, seed: int = 0) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Fit the weights of a `seqconv.layers.WideLogits` to the training part.

    A linear support vector machine is fitted to the counts of tokens, pairs and pieces, weighted by their rarity. Its
    margins are scaled so that their softmax has the least log-loss on cases left out.

    Parameters
    ----------
    part : Part
        Token ids, with one-hot classes.
    n_tokens : int
        Number of ids.
    seed : int, default=0
        Seed of the folds and of the solver.

    Returns
    -------
    weights : dict of str to array
        By name.
    left_out : array of shape (n_cases, n_classes)
        Logits of each case by a solution for the other cases.

    References
    ----------
    Fan and others (2008), "LIBLINEAR: a library for large linear classification", section 2.
    Platt (1999), "Probabilistic outputs for support vector machines", section 2.1: scale of left-out margins.
    """
    bags, codes = bags_of(part, n_tokens)
    rarity = [_rarity(bag) for bag in bags]
    shares = _GROUP_WEIGHTS[: len(bags)]
    # (cases, columns)
    rows = sp.hstack([w * weighted(bag, idf) for bag, idf, w in zip(bags, rarity, shares, strict=True)], format="csr")
    # Of many texts these are the largest arrays; the solver needs as much again.
    del bags
    labels = part.y.argmax(axis=1)
    left_out = _left_out_margins(rows, labels, part, seed)
    scale = _best_scale(left_out, part)
    kernel, bias = _solved(rows, labels, part, seed)  # (classes, columns), (classes,)
    ends = np.cumsum([len(idf) for idf in rarity])[:-1]
    kernels = [
        own.T * idf[:, None] * (scale * w)
        for own, idf, w in zip(np.split(kernel, ends, axis=1), rarity, shares, strict=True)
    ]
    squares = [np.square(idf) for idf in rarity]
    arrays = {
        # Each id is in one group, so that the groups can be added.
        "table": sum(own[:n_tokens] for own in kernels),
        "squares": sum(own[:n_tokens] for own in squares),
        "pair_table": kernels[0][n_tokens:],
        "pair_squares": squares[0][n_tokens:],
        "pair_codes": codes,
        "bias": scale * bias,
    }
    weights = {name: array if name == "pair_codes" else array.astype(np.float32) for name, array in arrays.items()}
    return weights, scale * left_out


def weighted(counts: sp.csr_array, idf: np.ndarray) -> sp.csr_array:
    """Return counts by rarity, divided by the norm of each case as `seqconv.layers.WideLogits` has it."""
    norms = np.sqrt(np.maximum(counts @ np.square(idf), 1e-6))
    return sp.diags_array(1 / norms) @ counts @ sp.diags_array(idf)


def bags_of(part: Part, n_tokens: int) -> tuple[list[sp.csr_array], np.ndarray]:
    """Count the pieces of each group in each case.

    Returns
    -------
    counts : list of sparse arrays of shape (n_cases, n_columns)
        Of tokens with pairs and, where a step has pieces, of shapes and of n-grams. The columns of the first are
        ``n_tokens`` ids, then the rows of the pairs.
    codes : array of int32, shape (n_pair_rows,)
        Pair that each row holds, 0 for none.
    """
    # Counts take less memory than places, so that only pairs, which have no columns yet, stay places.
    counted, pairs = [], []
    for ids in part.cases.in_blocks():
        groups, found = _counts_and_pairs(ids if ids.ndim == 3 else ids[..., None], n_tokens)
        counted.append(groups)
        pairs.append(found)
    codes = _rows_of_pairs(np.concatenate([found for _, found in pairs]), len(part))
    for groups, (cases, found) in zip(counted, pairs, strict=True):
        is_held = codes[found % len(codes)] == found
        shape = (groups[0].shape[0], len(codes))
        groups[0] = sp.hstack([groups[0], _counted(cases[is_held], found[is_held] % len(codes), shape)], format="csr")
    return [sp.vstack(of_blocks, format="csr") for of_blocks in zip(*counted, strict=True)], codes


def _counts_and_pairs(ids, n_tokens):
    """Counts of each group, and (cases, codes) of the pairs; unknown and no tokens are left out."""
    counts = []
    for group in (ids[:, :, :1], ids[:, :, 1:2], ids[:, :, 3:])[: 1 if ids.shape[2] == 1 else 3]:
        where = np.nonzero(group > 1)
        counts.append(_counted(where[0], group[where], (len(ids), n_tokens)))
    before, after = ids[:, :-1, 0], ids[:, 1:, 0]
    is_pair = (before > 1) & (after > 1)
    if ids.shape[2] > 2:
        is_pair &= ids[:, 1:, 2] > 0
    cases, steps = np.nonzero(is_pair)
    return counts, (cases.astype(np.int32), pair_codes(before[cases, steps], after[cases, steps]))


def _counted(cases, columns, shape):
    places = cases.astype(np.int32), columns.astype(np.int32)  # liblinear takes no others
    # Equal places are summed.
    return sp.coo_array((np.ones(len(cases), np.float32), places), shape).tocsr()


def _rows_of_pairs(codes, n_cases):
    """Return the code that each row holds; the more frequent pair of two has the row."""
    pairs, counts = np.unique(codes, return_counts=True)
    if n_cases >= _MANY_CASES:
        pairs, counts = pairs[counts > 1], counts[counts > 1]
    pairs = pairs[np.argsort(-counts, kind="stable")]
    held = np.zeros(1 + _ROWS_A_PAIR * len(pairs), np.int32)
    rows, first = np.unique(pairs % len(held), return_index=True)
    held[rows] = pairs[first]
    return held


def _rarity(counts):
    """Inverse document frequency of each column, 0 where no case has it."""
    idf = TfidfTransformer().fit(counts).idf_
    return np.where(counts.sum(axis=0) > 0, idf, 0.0).astype(np.float32)


def _solved(rows, labels, part, seed, chosen=slice(None)):
    """Weights and biases of one machine for each class; those of a class without a case answer -1.

    Of several classes, all count alike, whatever their number of cases, unless cases were given weights: a machine of one
    rare class against all others would never answer. Of two classes the frequent one is the more probable.
    """
    present = np.unique(labels[chosen])
    kernel, bias = np.zeros((part.y.shape[1], rows.shape[1])), np.full(part.y.shape[1], -1.0)
    if len(present) < 2:
        bias[present] = 1.0
        return kernel, bias
    with warnings.catch_warnings():
        # A solution a thousand passes old is near enough.
        warnings.simplefilter("ignore", ConvergenceWarning)
        are_several = len(present) > 2
        balance = "balanced" if are_several and np.ptp(part.weight) == 0 else None
        machine = LinearSVC(C=_PENALTY if are_several else 1.0, class_weight=balance, random_state=seed)
        machine.fit(rows[chosen], labels[chosen], sample_weight=part.weight[chosen])
    own_kernel, own_bias = machine.coef_, machine.intercept_
    if len(present) == 2:
        own_kernel, own_bias = np.concatenate([-own_kernel, own_kernel]), np.concatenate([-own_bias, own_bias])
    kernel[present], bias[present] = own_kernel, own_bias
    return kernel, bias


def _left_out_margins(rows, labels, part, seed):
    """Margins of each case by machines that did not see it, (cases, classes)."""
    margins = np.empty(part.y.shape)
    folds = spread(labels, _N_FOLDS, seed, part.groups)
    for fold in range(_N_FOLDS):
        apart = np.flatnonzero(folds == fold)
        if len(apart):
            kernel, bias = _solved(rows, labels, part, seed, np.flatnonzero(folds != fold))
            margins[apart] = rows[apart] @ kernel.T + bias
    return margins


def spread(labels: np.ndarray, n_folds: int, seed: int, groups: np.ndarray | None = None) -> np.ndarray:
    """Return the fold of each case, 0 to ``n_folds - 1``; the cases of a class are spread evenly, groups kept whole.

    One group alone is ignored.
    """
    names, of_case = ((), None) if groups is None else np.unique(groups, return_inverse=True)
    if len(names) > 1:
        return np.random.default_rng(seed).permutation(np.arange(len(names)) % n_folds)[of_case]
    order = np.random.default_rng(seed).permutation(len(labels))
    order = order[np.argsort(labels[order], kind="stable")]
    folds = np.empty(len(labels), int)
    folds[order] = np.arange(len(labels)) % n_folds
    return folds


def _best_scale(margins, part):
    """Return the factor of margins whose softmax has the least log-loss."""

    def loss(scale):
        scores = scale * margins
        each = np.logaddexp.reduce(scores, axis=1) - (part.y * scores).sum(axis=1)
        return float(np.average(each, weights=part.weight))

    coarse = min(_SCALES, key=loss)
    return float(min(coarse * _FINER, key=loss))
