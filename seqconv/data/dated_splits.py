"""Splits by date: the past trains, what follows tests, and no label reaches from one into the other."""

import itertools

import numpy as np


def walk_forward(starts, stops, n_splits=5, *, embargo=0, n_train_dates=None):
    """Train on the past, test on what follows, again and again: splits by date across all tickers.

    Parameters
    ----------
    starts : array of datetime64 or numbers, shape (n_cases,)
        Date at which each case is decided: that of its last bar, ``about["stop"]`` of ``PriceAdapter.cases``. Of dates with
        a time zone the time on its clock counts.
    stops : array as `starts`
        Date at which the label of each case was known, ``about["label_stop"]``.
    n_splits : int, default=5
        The distinct dates of `starts` are cut into ``n_splits + 1`` stretches, as equal as can be; each but the first is
        tested once.
    embargo : int or numpy.timedelta64, default=0
        Time to stay clear of the test part, beside the purge: whole days for dates, else in the unit of the numbers.
    n_train_dates : int, optional
        Train on no more than so many distinct dates, those nearest to the test part (a rolling window). None trains on the
        whole past (an expanding one).

    Yields
    ------
    train, test : arrays of int
        Indices, in ascending order. The list of them serves as ``cv`` of scikit-learn.

    Raises
    ------
    ValueError
        Fewer dates than stretches, a case whose label is known before it starts, a missing date, an embargo that is
        negative or a part of a day, a number that is not whole, or no training case left.

    Notes
    -----
    Purge: a case is trained on only if its label was known strictly before the first case of the test part starts, less the
    embargo. The bars that the first test cases look back on are of the training time: they are known by then.

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
    if not _is_whole(n_splits) or not 1 <= n_splits < len(dates):
        raise ValueError(
            f"n_splits must be a whole number from 1 to {len(dates) - 1} for {len(dates)} distinct dates, got {n_splits}."
        )
    if n_train_dates is not None and not (_is_whole(n_train_dates) and n_train_dates >= 1):
        raise ValueError(f"n_train_dates must be None or a whole number of at least 1, got {n_train_dates}.")
    for tested in np.array_split(dates, n_splits + 1)[1:]:
        is_train = stops < tested[0] - embargo
        if n_train_dates is not None and is_train.any():
            is_train &= starts >= np.unique(starts[is_train])[-n_train_dates:][0]
        if not is_train.any():
            raise ValueError(
                f"each split needs a training case, none has a label known before {tested[0]} less the embargo; use a "
                "shorter embargo or fewer splits."
            )
        yield np.flatnonzero(is_train), np.flatnonzero((starts >= tested[0]) & (starts <= tested[-1]))


def parts_by_date(starts, stops, bounds):
    """The named part of each case by its dates; a case whose label reaches into the next part is in none.

    Parameters
    ----------
    starts, stops : arrays of datetime64, shape (n_cases,)
        First and last date that the label speaks of, ``about["label_start"]`` and ``about["label_stop"]`` of
        ``PriceAdapter.cases``.
    bounds : dict of str to (start, stop)
        First date of each part and the first one behind it, such as ``{"train": ("2014-01-01", "2015-08-01")}``.

    Returns
    -------
    array of str, shape (n_cases,)
        Empty for cases of no part.

    Raises
    ------
    ValueError
        A part that ends before it begins, parts that overlap, a case whose label ends before it begins.

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


def clock_dates(dates):
    """Dates and times as an array, those with a time zone as the time on its clock; numbers as they are.

    Examples
    --------
    >>> import datetime
    >>> clock_dates([datetime.datetime(2015, 1, 5, 16, tzinfo=datetime.UTC)])
    array(['2015-01-05T16:00:00.000000000'], dtype='datetime64[ns]')
    """
    dates = np.asarray(dates)
    if dates.dtype.kind != "O" or not all(hasattr(date, "isoformat") for date in dates.flat):
        return dates
    written = [(date.replace(tzinfo=None) if hasattr(date, "tzinfo") else date).isoformat() for date in dates.flat]
    return np.array(written, "M8[ns]").reshape(dates.shape)


def _checked_spans(starts, stops):
    starts, stops = clock_dates(starts), clock_dates(stops)
    if starts.shape != stops.shape or starts.ndim != 1 or len(starts) == 0:
        raise ValueError(f"starts and stops must be one date a case, got shapes {starts.shape} and {stops.shape}.")
    bad = ~(starts <= stops)  # a missing date compares as False
    if bad.any():
        case = int(bad.argmax())
        raise ValueError(
            f"each case must have dates and stop no earlier than it starts, case {case} has {starts[case]} to {stops[case]}."
        )
    return starts, stops


def _checked_embargo(embargo, starts):
    if starts.dtype.kind == "M" and not isinstance(embargo, np.timedelta64):
        if not _is_whole(embargo):
            raise ValueError(f"embargo must be whole days or a numpy.timedelta64, got {embargo!r}.")
        embargo = np.timedelta64(embargo, "D")
    if embargo < embargo * 0:
        raise ValueError(f"embargo must be at least 0, got {embargo}.")
    return embargo


def _is_whole(value):
    return isinstance(value, int | np.integer) and not isinstance(value, bool)
