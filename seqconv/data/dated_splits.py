"""Splits by date: train on the past and test on what follows, without labels that reach from one into the other."""

import datetime
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from seqconv.arguments import is_whole, whole
from seqconv.data.checking import is_missing


def walk_forward(
    starts: Any,
    stops: Any,
    n_splits: int = 5,
    *,
    embargo: float | np.timedelta64 = 0,
    n_train_dates: int | None = None,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Train on the past and test on what follows, several times, by date across all tickers.

    Parameters
    ----------
    starts : array of datetime64 or numbers, shape (n_cases,)
        Date at which each case is decided: that of its last bar, ``about["stop"]`` of ``PriceAdapter.cases``.
        Dates with a time zone are compared as instants, whatever the zone of each.
    stops : array of the same kind and shape
        Date at which the label of each case was known, ``about["label_stop"]``.
    n_splits : int, default=5
        Number of splits. The distinct dates of `starts` are cut into ``n_splits + 1`` stretches of nearly equal size.
        Each stretch but the first is tested once.
    embargo : float or numpy.timedelta64, default=0
        Time kept clear before the test part, in addition to the purge.
        Whole days for dates, else in the unit of the numbers.
    n_train_dates : int, optional
        Largest number of distinct training dates, those nearest to the test part (a rolling window).
        None trains on the whole past (an expanding window).

    Yields
    ------
    train, test : arrays of int
        Indices, in ascending order. Their list serves as ``cv`` of scikit-learn.

    Raises
    ------
    ValueError
        If there are fewer dates than stretches.
        If a date is missing, or a label is known before its case starts; the message names the case.
        If `embargo` is negative, or a part of a day.
        If `n_splits` or `n_train_dates` is not a whole number within its range.
        If a split has no training case.

    Notes
    -----
    *Purge.* A case is trained on only if its label was known before the first test case starts, less the embargo.
    The bars that the first test cases look back on belong to the training time, because they are known by then.

    References
    ----------
    Lopez de Prado (2018), "Advances in Financial Machine Learning", sections 7.4.1 (purge) and 7.4.2 (embargo).

    Examples
    --------
    >>> days = np.arange(6)
    >>> for train, test in walk_forward(days, days + 1, n_splits=2):
    ...     print(train, test)
    [0] [2 3]
    [0 1 2] [4 5]
    """
    starts, stops = _checked_spans(starts, stops)
    embargo = _checked_embargo(embargo, starts)
    dates = np.unique(starts)
    n_splits = whole(f"n_splits of {len(dates)} distinct dates", n_splits, 1, len(dates) - 1)
    n_train_dates = whole("n_train_dates", n_train_dates, 1, optional=True)
    for tested in np.array_split(dates, n_splits + 1)[1:]:
        is_train = stops < tested[0] - embargo
        if n_train_dates is not None and is_train.any():
            is_train &= starts >= np.unique(starts[is_train])[-n_train_dates:][0]
        if not is_train.any():
            raise ValueError(
                f"each split needs a training case, none has a label known before {tested[0]} less the embargo. "
                "Use a shorter embargo or fewer splits."
            )
        yield np.flatnonzero(is_train), np.flatnonzero((starts >= tested[0]) & (starts <= tested[-1]))


def parts_by_date(starts: Any, stops: Any, bounds: Mapping[str, tuple[Any, Any]]) -> np.ndarray:
    """Return the named part of each case by its dates.

    A case whose label reaches into the next part is in no part.

    Parameters
    ----------
    starts, stops : arrays of datetime64, shape (n_cases,)
        First and last date of the span that each label describes.
        These are ``about["label_start"]`` and ``about["label_stop"]`` of ``PriceAdapter.cases``.
    bounds : dict of str to (start, stop)
        First date of each part and the first date after it, such as ``{"train": ("2014-01-01", "2015-08-01")}``.
        In UTC if the dates of the cases have a time zone.

    Returns
    -------
    array of str, shape (n_cases,)
        Empty for cases of no part.

    Raises
    ------
    ValueError
        If a part ends before it begins.
        If parts overlap, or none is named.
        If a date is missing, or a label ends before it begins; the message names the case.

    Examples
    --------
    >>> starts = np.array(["2015-07-30", "2015-07-31", "2015-08-03"], "M8[D]")
    >>> stops = np.array(["2015-07-31", "2015-08-03", "2015-08-04"], "M8[D]")
    >>> parts_by_date(starts, stops, {"train": ("2015", "2015-08-01"), "test": ("2015-08-01", "2016")}).tolist()
    ['train', '', 'test']
    """
    starts, stops = _checked_spans(starts, stops)
    limits = {name: tuple(np.datetime64(date) for date in pair) for name, pair in bounds.items()}
    if not limits:
        raise ValueError("bounds must name at least one part, got none.")
    ordered = sorted(limits.values())
    if any(start >= stop for start, stop in ordered) or any(b[0] < a[1] for a, b in itertools.pairwise(ordered)):
        raise ValueError(f"each part must end after it begins and before the next, got {bounds}.")
    parts = np.full(len(starts), "", f"<U{max(map(len, limits))}")
    for name, (start, stop) in limits.items():
        parts[(starts >= start) & (stops < stop)] = name
    return parts


def instants(dates: Any) -> np.ndarray:
    """Convert dates and times to an array; numbers are returned unchanged.

    Dates with a time zone become UTC, so that those of different exchanges can be compared.

    Parameters
    ----------
    dates : array, list or pandas.Series
        Dates of one kind: all of them with a time zone, or none.

    Returns
    -------
    array

    Raises
    ------
    ValueError
        If some of the dates have a time zone and others do not.

    Examples
    --------
    >>> import datetime
    >>> zone = datetime.timezone(datetime.timedelta(hours=-5))
    >>> instants([datetime.datetime(2015, 1, 5, 16, tzinfo=zone)])
    array(['2015-01-05T21:00:00.000000000'], dtype='datetime64[ns]')
    """
    if getattr(getattr(dates, "dtype", None), "tz", None) is not None:
        return dates.to_numpy("M8[ns]")
    dates = np.asarray(dates)
    if dates.dtype.kind != "O" or not all(hasattr(date, "isoformat") for date in dates.flat):
        return dates
    has_zone = {getattr(date, "tzinfo", None) is not None for date in dates.flat if not is_missing(date)}
    if len(has_zone) > 1:
        raise ValueError("dates must have a time zone throughout or not at all, got some of each.")
    if True in has_zone:
        dates = [
            date if is_missing(date) else date.astimezone(datetime.UTC).replace(tzinfo=None) for date in dates.flat
        ]
    return np.array([date.isoformat() for date in np.ravel(dates)], "M8[ns]").reshape(np.shape(dates))


def _checked_spans(starts, stops):
    starts, stops = instants(starts), instants(stops)
    if starts.shape != stops.shape or starts.ndim != 1 or len(starts) == 0:
        raise ValueError(f"starts and stops must be one date a case, got shapes {starts.shape} and {stops.shape}.")
    # Negated, because a missing date compares as False.
    is_bad = ~(starts <= stops)
    if is_bad.any():
        case = int(is_bad.argmax())
        raise ValueError(
            f"each case must have dates and stop no earlier than it starts, "
            f"case {case} has {starts[case]} to {stops[case]}."
        )
    return starts, stops


def _checked_embargo(embargo, starts):
    if starts.dtype.kind == "M" and not isinstance(embargo, np.timedelta64):
        if not is_whole(embargo):
            raise ValueError(f"embargo must be whole days or a numpy.timedelta64, got {embargo!r}.")
        embargo = np.timedelta64(embargo, "D")
    if embargo < embargo * 0:
        raise ValueError(f"embargo must be at least 0, got {embargo}.")
    return embargo
