"""Walk-forward cross-validation as an object that scikit-learn's searches take."""

import datetime
from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator

from seqconv.arguments import whole
from seqconv.data.case_times import case_times, times_of
from seqconv.data.dated_splits import walk_forward

_TIMES = (datetime.timedelta, np.timedelta64)


class WalkForwardSplit(BaseEstimator):
    """Split cases by time for scikit-learn: train on the past, test on what follows, several times.

    Parameters
    ----------
    n_splits : int, default=5
        Number of splits. The distinct times are cut into ``n_splits + 1`` stretches, and each but the first is tested.
    purge : int, timedelta or None, default=None
        How long after a case its label is known: in steps (distinct times of the cases), or as time.
        None takes ``label_stop`` of the table of the cases.
    embargo : int or timedelta, default=0
        Time kept clear before the test part in addition to the purge: in steps, or as time.
    n_train_dates : int, optional
        Largest number of distinct training times, those nearest to the test part. None trains on the whole past.
    about : table, optional
        Table with a row for each case, the ``about`` of a `seqconv.SequenceSet`.
        ``stop`` is the time at which a case is decided, ``label_stop`` that at which its label was known.

    Notes
    -----
    Times of the cases are looked for in this order: ``about`` of a `SequenceSet` given as X; a table given as
    ``groups``; the parameter `about`; dates of the records, as `PriceAdapter.cases` makes them. Otherwise the order of
    the cases is the order of time.

    Times with a time zone are compared as instants.

    See Also
    --------
    seqconv.data.dated_splits.walk_forward : The same as a generator, which this class calls.

    References
    ----------
    Lopez de Prado (2018), "Advances in Financial Machine Learning", sections 7.4.1 (purge) and 7.4.2 (embargo).

    Examples
    --------
    >>> for train, test in WalkForwardSplit(n_splits=2, purge=1).split(np.zeros((6, 1))):
    ...     print(train, test)
    [0] [2 3]
    [0 1 2] [4 5]
    >>> from seqconv.adapters import PriceAdapter
    >>> from seqconv.datasets import make_prices
    >>> cases = PriceAdapter(n_steps=5).cases(make_prices(n_tickers=2, n_bars=60))
    >>> train, test = next(WalkForwardSplit(n_splits=3).split(cases))
    >>> bool(cases.about["label_stop"][train].max() < cases.about["stop"][test].min())
    True
    """

    def __init__(
        self,
        n_splits: int = 5,
        *,
        purge: int | datetime.timedelta | np.timedelta64 | None = None,
        embargo: int | datetime.timedelta | np.timedelta64 = 0,
        n_train_dates: int | None = None,
        about: Any = None,
    ):
        self.n_splits = n_splits
        self.purge = purge
        self.embargo = embargo
        self.n_train_dates = n_train_dates
        self.about = about

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """Return the number of splits; the arguments are ignored."""
        return whole("n_splits", self.n_splits, 1)

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the training and the test part of each split.

        Parameters
        ----------
        X : SequenceSet, list or array of cases
        y : ignored
        groups : table, optional
            Table of the cases, as the parameter `about`. Anything but a table is ignored.

        Yields
        ------
        train, test : arrays of int
            Indices, in ascending order.

        Raises
        ------
        ValueError
            If the table does not have one row a case, or a time is missing.
        ValueError
            If it is not known when labels are known: no ``label_stop`` and no `purge`.
        ValueError
            If a time is given as `purge` or `embargo`, but the cases have no dates.
        ValueError
            If there are fewer times than stretches, or a split has no training case.
        """
        stops, known = self._times(X, groups)
        if isinstance(self.embargo, _TIMES):
            if stops.dtype.kind != "M":
                raise ValueError(
                    f"embargo must be a number of steps, as the cases have no dates, got {self.embargo!r}."
                )
            embargo = np.timedelta64(self.embargo)
        else:
            embargo = whole("embargo", self.embargo, 0)
            # Places among the times, so that a step is a bar over weekends, too.
            times = np.unique(stops)
            stops, known = (np.searchsorted(times, part, side="right") - 1 for part in (stops, known))
        yield from walk_forward(stops, known, self.n_splits, embargo=embargo, n_train_dates=self.n_train_dates)

    def _times(self, X, groups):
        """Return when each case is decided and when its label is known."""
        given = (getattr(X, "about", None), groups, self.about, case_times(X), {"stop": np.arange(len(X))})
        found = next(times for one in given if "stop" in (times := times_of(one)))
        stops = found["stop"]
        if stops.shape != (len(X),):
            raise ValueError(
                f"the table of the cases must have one row a case, {len(X)} in all, got {len(stops)}; give a SequenceSet."
            )
        if self.purge is None:
            if "label_stop" not in found:
                raise ValueError(
                    "purge must be how long after a case its label is known, as no label_stop says so. Give the SequenceSet "
                    "itself as X, or its table as about; purge=0 if labels are about the case alone."
                )
            return stops, found["label_stop"]
        if isinstance(self.purge, _TIMES):
            if stops.dtype.kind != "M":
                raise ValueError(f"purge must be a number of steps, as the cases have no dates, got {self.purge!r}.")
            return stops, stops + np.timedelta64(self.purge)
        times = np.unique(stops)
        last = np.searchsorted(times, stops) + whole("purge", self.purge, 0)
        return stops, times[np.minimum(last, len(times) - 1)]
