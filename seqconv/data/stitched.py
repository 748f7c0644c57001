"""Answers of windows as answers over time."""

from typing import Any

import numpy as np

from seqconv.arguments import number, whole
from seqconv.data.recording import Recording


def stitch_windows(answers: Any, starts: Any, stops: Any, n_steps: int) -> np.ndarray:
    """Average the answers of overlapping windows at each step of their recording.

    Parameters
    ----------
    answers : array of shape (n_windows,) or (n_windows, n_outputs)
        Numbers, such as probabilities. A window whose answers are not all finite is ignored.
    starts, stops : arrays of int, shape (n_windows,)
        First step of each window and the first step after it, as ``about["start"]`` and ``about["stop"]`` of `windows`.
    n_steps : int
        Number of steps of the recording.

    Returns
    -------
    array of float64, shape (n_steps,) or (n_steps, n_outputs)
        NaN at steps without a window.

    Raises
    ------
    ValueError
        If there is not one answer, start and stop a window.
        If a window does not lie within the recording; the message names the window.
    TypeError
        If answers are not numbers.

    Examples
    --------
    >>> stitch_windows([[1, 0], [0, 1]], [0, 2], [4, 6], 7)[:, 1]
    array([0. , 0. , 0.5, 0.5, 1. , 1. , nan])
    """
    answers, starts, stops = np.asarray(answers), np.asarray(starts), np.asarray(stops)
    n_steps = whole("n_steps", n_steps, 1)
    if answers.dtype.kind not in "fiub":
        raise TypeError(
            f"answers must be numbers, got dtype {answers.dtype}; stitch probabilities, then take their labels."
        )
    if answers.ndim not in (1, 2) or not len(answers) == len(starts) == len(stops):
        raise ValueError(
            f"answers must have one row a window, got shape {answers.shape} for {len(starts)} starts and {len(stops)} stops."
        )
    outside = np.flatnonzero((starts < 0) | (stops <= starts) | (stops > n_steps))
    if len(outside):
        i = outside[0]
        raise ValueError(
            f"each window must lie within the {n_steps} steps, window {i} goes from {starts[i]} to {stops[i]}; stitch each "
            "recording on its own."
        )
    table = answers.reshape(len(answers), -1).astype(np.float64)
    is_answered = np.isfinite(table).all(axis=1)
    table, starts, stops = table[is_answered], starts[is_answered], stops[is_answered]
    shape = (n_steps, *answers.shape[1:])
    if len(table) == 0:
        return np.full(shape, np.nan)
    # Sums over windows as running sums of what begins less what has ended: the work does not grow with the overlap.
    changes, counts = np.zeros((n_steps + 1, table.shape[1])), np.zeros(n_steps + 1, np.int64)
    for places, sign in ((starts, 1), (stops, -1)):
        np.add.at(changes, places, sign * table)
        np.add.at(counts, places, sign)
    n_windows = np.cumsum(counts)[:n_steps, None]
    means = np.cumsum(changes, axis=0)[:n_steps] / np.where(n_windows > 0, n_windows, np.nan)
    # A mean lies among its answers; rounding of the running sums must not lead out of them.
    return np.clip(means, table.min(axis=0), table.max(axis=0)).reshape(shape)


def step_times(recording: Any, sampling_rate_hz: float | None = None) -> Any:
    """Return the time of each step of a recording: dates, seconds, or numbers of steps.

    Parameters
    ----------
    recording : Recording, data frame or array
    sampling_rate_hz : float, optional
        Steps a second, above 0. A `Recording` has its own.

    Returns
    -------
    array of shape (n_steps,), or the index of the data frame
        Seconds from the first step where a rate is known. Otherwise the index of a data frame, with its dates and time
        zone, or the numbers of the steps, from 0.

    Raises
    ------
    ValueError
        If the rate is not above 0.

    Examples
    --------
    >>> step_times(np.zeros(3), sampling_rate_hz=2)
    array([0. , 0.5, 1. ])
    """
    is_recording = isinstance(recording, Recording)
    n_steps = len(recording.signal) if is_recording else len(recording)
    rate = number("sampling_rate_hz", sampling_rate_hz, above=0, optional=True)
    rate = recording.sampling_rate_hz if rate is None and is_recording else rate
    if rate is not None:
        return np.arange(n_steps) / rate
    return recording.index if hasattr(recording, "columns") else np.arange(n_steps)
