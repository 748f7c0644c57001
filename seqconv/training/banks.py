"""Fit a fixed bank: learn thresholds and statistics, and solve its head in closed form. Without Keras."""

import time
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from seqconv.data.cases import DecodedCases, StoredCases
from seqconv.training.bank_head import mean_loss, solve_head, solve_one_head
from seqconv.training.bank_model import BankModel, chunks, read_series
from seqconv.training.batches import trimmed
from seqconv.training.part import Part
from seqconv.training.recipe import Outcome

# Thresholds and statistics are learnt from so many cases. Their features are computed once, and in memory.
_SAMPLE = 4_000
_BLOCK = 512
# Steps of an array of cases, padding included, that is never too large.
_MOST_PADDED = 1 << 24


def fit_bank(
    encoder: Any,
    scaling: str | None,
    start: dict[str, np.ndarray],
    training: Part,
    validation: Part | None,
    activation: str,
    seed: int,
    title: str = "fit",
    verbose: int = 0,
) -> tuple[BankModel, Outcome]:
    """Learn thresholds and statistics of a bank, and solve its head.

    Parameters
    ----------
    encoder : FixedBank
    scaling : {"standard", "robust", "case"} or None
    start : dict of str to array
        Statistics of the stem, and of the targets of a regressor, by ``layer/weight``.
    training, validation : Part
        The validation part is only measured: everything is chosen by leave-one-out answers.
    activation : {"softmax", "sigmoid", "linear"}
    seed : int
    title : str, default="fit"
    verbose : {0, 1}, default=0

    Returns
    -------
    model : BankModel
    outcome : Outcome
        With the leave-one-out answers of the training part.
    """
    started = time.monotonic()
    rng = np.random.default_rng(seed)
    n_cases, arrays = len(training), dict(start)
    # All cases in their order, or a sample.
    sample = np.arange(n_cases) if n_cases <= _SAMPLE else np.sort(rng.permutation(n_cases)[:_SAMPLE])
    typical = _typical(training.survey.lengths, sample)
    is_sparse = len(typical) < len(sample)
    encoder = encoder.fitted_to(int(training.survey.lengths[typical if is_sparse else slice(None)].max()))
    members = encoder.members()
    learnt, features = encoder.learn(read_series(_taken(training, typical), arrays, scaling), rng)
    arrays |= learnt
    if is_sparse:
        features = _features(encoder, training, sample, arrays, scaling, [one.shape[1] for one in features])
    centre, scale = _scale_in_place(features, training.weight[sample], [one.is_scaled for one in members])
    arrays |= {"pooling/centre": centre, "pooling/scale": scale}
    sizes = [one.shape[1] for one in features] if len(features) > 1 and activation != "linear" else []
    if len(sample) == n_cases:
        joined = [one.is_joined for one in members]
        known = training.y, training.weight, activation, training.groups
        head, left_out, loss = solve_head(features, joined, *known)
    else:
        if training.groups is not None:
            warnings.warn(
                f"with more than {_SAMPLE} cases leave-one-out answers leave single cases out, not groups: loo_proba_ may be "
                "too good, and the penalty too small.",
                stacklevel=2,
            )
        joined = [one.is_joined for one in members]
        is_used = np.repeat(joined if any(joined) else [True] * len(members), [one.shape[1] for one in features])

        def blocks() -> Iterator[np.ndarray]:
            for rows in chunks(n_cases, _BLOCK):
                series = read_series(_taken(training, rows), arrays, scaling)
                yield ((encoder.transform(series, arrays) - centre) / scale) * is_used

        del features
        rows = np.concatenate(list(blocks())) if n_cases <= len(centre) else blocks
        head, left_out, loss = solve_one_head(rows, training.y, training.weight, activation, sizes=sizes)
    name = "scaled_head" if activation == "linear" else "head"
    arrays |= {f"{name}/kernel": head.kernel, f"{name}/bias": head.bias}
    arrays |= {} if head.share is None else {f"{name}/share": head.share}
    model = BankModel(encoder, arrays, sizes, activation, scaling)
    outcome = Outcome({"loss": [loss]}, best_epoch=0, left_out=left_out)
    if validation is not None:
        outcome.history |= _measure(model, validation)
    if verbose:
        accuracy = "" if activation == "linear" else f" - leave-one-out accuracy {_accuracy(left_out, training):.4f}"
        took = f"took {time.monotonic() - started:.1f} s"
        print(f"{title}: leave-one-out loss {loss:.4f}{accuracy} - {took}", flush=True)
    return model, outcome


def _taken(part, rows):
    return trimmed(part.cases, rows, part.survey.lengths, part.survey.n_steps)


def _typical(case_lengths, sample):
    """Return the cases of a sample without the few longest, if these would fill most of an array with padding."""
    longest, limit = case_lengths[sample].max(), np.quantile(case_lengths[sample], 0.9, method="lower")
    n_padded = len(sample) * int(longest)
    is_sparse = n_padded > max(_MOST_PADDED, 4 * int(case_lengths[sample].sum()))
    return sample[case_lengths[sample] <= limit] if is_sparse else sample


def _features(encoder, part, sample, arrays, scaling, sizes):
    """Compute the features of each bank, some cases of similar length at a time."""
    order = np.argsort(part.survey.lengths[sample], kind="stable")
    found = np.empty((len(sample), sum(sizes)), np.float32)
    for rows in chunks(len(sample)):
        rows = order[rows]
        found[rows] = encoder.transform(read_series(_taken(part, sample[rows]), arrays, scaling), arrays)
    # Contiguous, because each is scaled in place.
    return [np.ascontiguousarray(one) for one in np.split(found, np.cumsum(sizes)[:-1], axis=1)]


def _scale_in_place(features, weight, is_scaled):
    """Centre the features of each bank and give each bank a total variance of 1; return centre and scale of all."""
    share = (weight / weight.sum()).astype(np.float32)
    centres, scales = [], []
    for rows, keep in zip(features, is_scaled, strict=True):
        centre = share @ rows
        rows -= centre
        variance = np.einsum("i,ij,ij->j", share, rows, rows)
        deviation = np.sqrt(variance)
        # What varies by rounding alone would get unit variance, and decide elsewhere. It is 0 here, and gets the kernel 0.
        size = np.sqrt(np.mean(np.square(centre) + variance))
        varies = deviation > 1e-6 * np.abs(centre) + 1e-5 * size + 1e-12
        rows[:, ~varies] = 0
        scale = np.where(varies & (not keep), deviation, 1).astype(np.float32)
        total = float((np.where(varies, variance, 0) / np.square(scale)).sum())
        scale *= np.float32(np.sqrt(max(total, 1e-12)))
        rows /= scale
        centres.append(centre)
        scales.append(scale)
    return np.concatenate(centres), np.concatenate(scales)


def _measure(model, part):
    """Loss and accuracy of a validation part."""
    cases = part.cases
    if isinstance(cases, DecodedCases):
        cases = StoredCases(_taken(part, np.arange(len(part))))
    answers = model.predict(cases, part.survey.lengths)
    if model.activation == "linear":
        answers = (answers - model.arrays["head/centre"]) / model.arrays["head/scale"]
        return {"val_loss": [float(np.average(np.square(answers - part.y).mean(axis=1), weights=part.weight))]}
    loss = mean_loss(answers, part.y, part.weight, model.activation)
    return {"val_loss": [loss], "val_accuracy": [_accuracy(answers, part)]}


def _accuracy(answers, part):
    if part.y.shape[1] > 1 and np.isclose(part.y.sum(axis=1), 1).all():
        hits = answers.argmax(axis=1) == part.y.argmax(axis=1)
    else:
        hits = ((answers > 0.5) == (part.y > 0.5)).mean(axis=1)
    return float(np.average(hits, weights=part.weight))
