"""What training and prediction need to know of all cases, found in one pass that also checks them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from seqconv.data.arrays import is_wide
from seqconv.data.case_errors import case_error
from seqconv.data.moments import Moments, called, warn_of_level
from seqconv.data.padding import lengths, longest_runs, observed_steps

_LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True)
class Survey:
    """Facts about all cases.

    Parameters
    ----------
    lengths : array of int, shape (n_cases,)
        Steps of each case up to its last observed one.
    n_steps : int
        Steps of the array of cases; of the longest where cases are decoded in blocks.
    shape : tuple of int
        Channels of a step; pieces of a step of ids; empty where a step is one id.
    is_complete : bool
        Whether every value is observed and no step is padding.
    moments : Moments or None
        None for token ids.
    """

    lengths: np.ndarray
    n_steps: int
    shape: tuple[int, ...]
    is_complete: bool
    moments: Moments | None = None

    def of(self, rows: Any) -> "Survey":
        """Return the survey of some of the cases."""
        moments = None if self.moments is None else self.moments.of(rows)
        n_values = self.n_steps * int(np.prod(self.shape))
        is_complete = moments is not None and bool((moments.n_observed == n_values).all())
        return replace(self, lengths=self.lengths[rows], is_complete=is_complete, moments=moments)


def survey(
    parts: Iterable[np.ndarray],
    *,
    is_ids: bool = False,
    min_steps: int = 1,
    warn: bool = False,
    names: Sequence | None = None,
    out: np.ndarray | None = None,
    progress: Callable[[int], None] | None = None,
) -> Survey:
    """Check and measure cases that come in blocks; each block is looked at once.

    Parameters
    ----------
    parts : iterable of arrays
        Consecutive cases: series of any real dtype ``(n_cases, n_steps, n_channels)``, or token ids
        ``(n_cases, n_steps[, n_pieces])``.
    is_ids : bool, default=False
        Whether the parts hold token ids.
    min_steps : int, default=1
        Observed steps in a row that each case must have.
    warn : bool, default=False
        Whether to warn of what float32 would round away.
    names : sequence, optional
        Name of each channel, for the warnings.
    out : array of float32, shape (n_cases, n_steps, n_channels), optional
        Filled with the converted cases.
    progress : callable, optional
        Called with the number of cases seen so far.

    Raises
    ------
    ValueError
        If a value is infinite or does not fit float32.
        If a case has no observed step, or too few in a row.

    Warns
    -----
    UserWarning
        If float32 would round away the differences within a channel.

    Examples
    --------
    >>> import numpy as np
    >>> found = survey([np.array([[[1.0], [2.0]], [[3.0], [np.nan]]])])
    >>> found.lengths, found.is_complete
    (array([2, 1]), False)
    """
    found, moments, shapes, extremes, n_seen = [], [], [], [], 0
    for part in parts:
        if not is_ids:
            _check_values(part, n_seen)
            if warn and is_wide(part):
                extremes.append([end.reduce(part, axis=(0, 1)) for end in (np.fmin, np.fmax)])
            part = part.astype(np.float32, copy=False)
            moments.append(Moments.measure(part))
            if out is not None:
                out[n_seen : n_seen + len(part)] = part
        if min_steps > 1:
            _check_runs(part, min_steps, n_seen)
        found.append(lengths(part))
        shapes.append(part.shape[1:])
        n_seen += len(part)
        if progress is not None:
            progress(n_seen)
    if extremes:
        _warn_of_rounding(*zip(*extremes, strict=True), names)
    n_steps = max(shape[0] for shape in shapes)
    whole = Survey(
        np.concatenate(found),
        n_steps,
        max(shape[1:] for shape in shapes),
        is_complete=False,
        moments=Moments.join(moments) if moments else None,
    )
    return whole.of(slice(None))


def _check_values(X, start):
    """Raise if a value is not a number of float32, or if a case has no observed step."""
    if X.dtype.kind != "f":
        return
    # One pass finds out whether all is well. Only if not are the cases looked at one by one.
    with np.errstate(invalid="ignore"):
        is_large = float(np.nanmax(np.abs(X), initial=0)) > _LARGEST
    if is_large:
        largest = np.nanmax(np.abs(X), axis=(1, 2), initial=0).astype(np.float64)
        case = start + int(np.argmax(largest > _LARGEST))
        message = "X must be finite or NaN (missing) and fit float32, got inf or a larger number in {case}."
        raise case_error(ValueError, case, message)
    if np.isnan(X[:, 0]).any():
        is_empty = ~observed_steps(X).any(axis=1)
        if is_empty.any():
            case = start + int(np.argmax(is_empty))
            message = "each case must have an observed step, all of {case} is NaN; leave it out."
            raise case_error(ValueError, case, message)


def _check_runs(X, min_steps, start):
    runs = longest_runs(X)
    if runs.min() < min_steps:
        case = int(np.argmax(runs < min_steps))
        raise case_error(
            ValueError,
            start + case,
            f"each case must have {min_steps} observed steps in a row for the filters of the encoder, {{case}} has "
            f"{runs[case]}; use padding='same' or shorter filters.",
        )


def _warn_of_rounding(least, most, names):
    """Warn of channels whose different values are one as float32, or nearly."""
    lows, highs = np.fmin.reduce(least), np.fmax.reduce(most)
    for channel, (low, high) in enumerate(zip(lows.tolist(), highs.tolist(), strict=True)):
        largest = max(abs(low), abs(high))
        if 1e-13 * largest < high - low and float(np.float32(high)) - float(np.float32(low)) <= 7e-7 * largest:
            warn_of_level(f"{called(channel, names)} of X", (low + high) / 2, (high - low) / 4)
