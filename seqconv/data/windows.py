"""Windows over recordings, as labelled cases."""

import warnings
from typing import Any

import numpy as np
import pandas as pd

from seqconv.arguments import choice, number, whole
from seqconv.data.recording import Recording
from seqconv.data.sequence_set import SequenceSet
from seqconv.data.window_columns import over_gaps, reject_labels_among, reject_transposed, step_dates, warn_of_columns
from seqconv.data.window_intervals import in_steps, warn_of_few
from seqconv.data.window_labels import labels_of_steps, labels_of_windows
from seqconv.data.window_recordings import checked_signals, each_of, named, observed


def windows(
    recording: Any,
    labels: Any = None,
    *,
    n_steps: int,
    stride: int | None = None,
    groups: Any = None,
    label_at: str = "majority",
    background: Any = None,
    tail: str = "drop",
    interval_unit: str = "steps",
    sampling_rate_hz: float | None = None,
) -> SequenceSet:
    """Cut recordings into windows of equal length.

    Parameters
    ----------
    recording : array of shape (n_steps,) or (n_steps, n_channels), data frame or Recording
        One recording. Several come as a list, a dict of name to recording, or a `SequenceSet`, whose y and groups count
        where `labels` and `groups` are None. Rows of a data frame must be in order of time.
    labels : object, optional
        Labels of one recording, in one of these forms. Those of several come as a list, or a dict by name.

        - One label for the whole recording.
        - One label a step. None and NaN mean no label.
        - A list of intervals ``(start, stop, label)``, or a data frame with these columns. `start` is the first step and
          `stop` the first step after the interval. A list without any is an unlabelled recording. Both may be dates
          where a data frame has an index of dates: start <= date < stop. Frames may also have ``end`` for ``stop``, or
          ``onset`` and ``duration`` in seconds, and ``trial_type`` or ``description`` for ``label``.
        - The name of a column of the data frames, with one label a step. It is then not a channel.
    n_steps : int
        Number of steps of a window, at least 1.
    stride : int, optional
        Number of steps between the starts of two windows, at least 1. None means `n_steps`: windows do not overlap.
    groups : object, optional
        Group of the recording, one each for several. None means the names of the recordings, if there are several.
    label_at : {"majority", "end"}, default="majority"
        ``"majority"`` takes the label of most steps, of equal ones the first in sorted order. At least half of the steps
        must have a label. ``"end"`` takes the label of the last step, for answers about the present.
    background : object, optional
        Label of steps without one, such as ``"other"``. None leaves windows without a label out.
    tail : {"drop", "keep"}, default="drop"
        Whether to add a last window that ends with the recording, so that each step is in a window. A recording shorter
        than a window is then padded with NaN.
    interval_unit : {"steps", "seconds"}, default="steps"
        Unit of the ends of intervals. Seconds are rounded to steps, and those after the end of the recording are ignored.
    sampling_rate_hz : float, optional
        Rate of arrays and frames, by which seconds become steps; a `Recording` has its own. Without a rate, an index of
        dates tells the seconds from its first step.

    Returns
    -------
    SequenceSet
        X: array (n_windows, n_steps, n_channels), or a list of data frames if the recordings are frames.
        about: a data frame with ``record`` (name or number), ``start`` and ``stop`` (steps; stop is not included), by
        which `split_cases` keeps overlapping windows apart.

    Raises
    ------
    ValueError
        If a recording is empty, has another shape or other channels than the first; the message names it.
        If labels or groups do not fit the recordings, or an interval does not lie within its recording.
        If no recording is as long as a window, or no window has a label.
        If an index of dates is not in order of time, or all windows go over its gaps.
        If a column of the frames equals the labels of the steps.
    TypeError
        If a channel is not numbers.

    Warns
    -----
    UserWarning
        If recordings are shorter than a window, and left out.
        If windows have no observed step, and are left out.
        If windows go over a gap in time, longer than `n_steps` median steps of an index of dates, and are left out.
        If a column is one value a recording, as a label or an id is, or looks like a label or a time.
        If intervals in steps cover so little that they may be seconds, or intervals of dates hold no step.
        If intervals of different labels overlap; the later one of the list counts.

    Notes
    -----
    Windows of one array are views of it: they take no memory of their own, and cannot be written to.

    Examples
    --------
    >>> cases = windows(np.arange(10.0), [(0, 4, "rest"), (4, 10, "walk")], n_steps=4, stride=2)
    >>> cases.X[:, 0, 0].tolist(), cases.y.tolist()
    ([0.0, 2.0, 4.0, 6.0], ['rest', 'rest', 'walk', 'walk'])
    >>> cases.about.iloc[-1].tolist()
    [0, 6, 10]
    """
    n_steps = whole("n_steps", n_steps, 1)
    stride = n_steps if stride is None else whole("stride", stride, 1)
    label_at = choice("label_at", label_at, ("majority", "end"))
    tail = choice("tail", tail, ("drop", "keep"))
    in_seconds = choice("interval_unit", interval_unit, ("steps", "seconds")) == "seconds"
    sampling_rate_hz = number("sampling_rate_hz", sampling_rate_hz, above=0, optional=True)
    if isinstance(recording, SequenceSet):
        labels = recording.y if labels is None else labels
        groups = recording.groups if groups is None else groups
    names, recordings, is_one = named(recording)
    groups = each_of("groups", groups, names, is_one)
    groups = names if groups is None and not is_one else groups
    if isinstance(labels, str) and all(labels in getattr(one, "columns", ()) for one in recordings):
        given = [one[labels].to_numpy() for one in recordings]
        recordings = [one.drop(columns=labels) for one in recordings]
    else:
        given = each_of("labels", labels, names, is_one)
    dates = [step_dates(*one) for one in zip(names, recordings, strict=True)]
    rates = [one.sampling_rate_hz if isinstance(one, Recording) else sampling_rate_hz for one in recordings]
    if given is not None:
        reject_labels_among(recordings, given)
    signals = checked_signals(names, recordings)
    if given is not None:
        reject_transposed(names, signals, given)
    warn_of_columns(signals, given)
    starts = [_starts(len(signal), n_steps, stride, tail) for signal in signals]
    _warn_of_short(names, signals, starts, n_steps)
    record = np.repeat(np.arange(len(names)), list(map(len, starts)))
    stops = np.concatenate([np.minimum(one + n_steps, len(x)) for one, x in zip(starts, signals, strict=True)])
    y, kept = None, np.ones(len(record), bool)
    if given is not None:
        lengths = list(map(len, signals))
        if background is None and not in_seconds:
            warn_of_few(given, lengths)
        units = zip(given, lengths, names, [in_seconds] * len(names), rates, dates, strict=True)
        forms = zip([in_steps(*one) for one in units], lengths, names, strict=True)
        steps = [labels_of_steps(*one, background) for one in forms]
        y = labels_of_windows(steps, starts, stops, record, label_at)
        kept = np.array([label is not None for label in y])
        if not kept.any():
            raise ValueError(
                f"at least one of {len(y)} windows must have a label, none has; give a background, or labels."
            )
    is_observed = np.concatenate([observed(signal, one, n_steps) for signal, one in zip(signals, starts, strict=True)])
    if (n_empty := int((kept & ~is_observed).sum())) == kept.sum():
        raise ValueError(f"at least one of {n_empty} windows must have an observed step, none has.")
    kept &= is_observed
    if n_empty:
        warnings.warn(f"{n_empty} windows without an observed step are left out.", stacklevel=2)
    is_over = np.concatenate([over_gaps(index, one, n_steps) for index, one in zip(dates, starts, strict=True)])
    if n_over := int((kept & is_over).sum()):
        way = f"a step of more than {n_steps} times the median step; reset_index(drop=True) cuts over gaps"
        if n_over == kept.sum():
            raise ValueError(f"a window must not go over a gap in time, all {n_over} do, {way}.")
        warnings.warn(f"{n_over} windows that go over a gap in time are left out, {way}.", stacklevel=2)
    kept &= ~is_over
    y = y if y is None else [y[i] for i in np.flatnonzero(kept)]
    about = pd.DataFrame({"record": record, "start": np.concatenate(starts), "stop": stops})
    about["record"] = pd.Series([names[i] for i in record], dtype=object).infer_objects()
    about = about[kept].reset_index(drop=True)
    groups = None if groups is None else [groups[i] for i in record[kept]]
    return SequenceSet(_cut(signals, starts, n_steps, kept), y, groups, about)


def _starts(n, n_steps, stride, tail):
    starts = np.arange(0, n - n_steps + 1, stride)
    last = max(n - n_steps, 0)
    return np.append(starts, last) if tail == "keep" and (not len(starts) or starts[-1] < last) else starts


def _warn_of_short(names, signals, starts, n_steps):
    short = [name for name, one in zip(names, starts, strict=True) if len(one) == 0]
    if len(short) == len(names):
        longest = max(map(len, signals))
        raise ValueError(
            f"a recording must have at least {n_steps} steps, the longest has {longest}; cut shorter windows, or give "
            'tail="keep".'
        )
    if short:
        warnings.warn(
            f"{len(short)} of {len(names)} recordings have fewer than {n_steps} steps and are left out, such as {short[0]!r}; "
            'give tail="keep" to pad them.',
            stacklevel=3,
        )


def _cut(signals, starts, n_steps, kept):
    """Return the windows as a view where one array is cut evenly, else as an array, or as a list of frames."""
    n_before = np.cumsum([0, *map(len, starts)])
    chosen = [one[kept[n_before[i] : n_before[i + 1]]] for i, one in enumerate(starts)]
    if hasattr(signals[0], "columns"):
        return [
            frame.iloc[start : start + n_steps] for frame, one in zip(signals, chosen, strict=True) for start in one
        ]
    parts = []
    for signal, one in zip(signals, chosen, strict=True):
        if len(one) and len(signal) < n_steps:
            signal = np.pad(signal, ((0, n_steps - len(signal)), (0, 0)), constant_values=np.nan)
        if len(one):
            view = np.lib.stride_tricks.sliding_window_view(signal, n_steps, axis=0).swapaxes(1, 2)
            step = int(one[1] - one[0]) if len(one) > 1 else 1
            is_even = (np.diff(one) == step).all()
            parts.append(view[one[0] : one[-1] + 1 : step] if is_even else view[one])
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
