"""Price bars to channels without look-ahead."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from seqconv.arguments import choice
from seqconv.data import SequenceSet
from seqconv.data.case_errors import case_error
from seqconv.domains.finance.causal import CausalAdapter
from seqconv.domains.finance.labels import direction
from seqconv.domains.finance.own_channels import channel_name
from seqconv.domains.finance.price_channels import check_names, context_bars, price_channels
from seqconv.domains.finance.price_records import check_price_records, find_bar_fault, read_bars
from seqconv.domains.finance.price_windows import cut_tickers
from seqconv.domains.records import check_each

# Cases computed at once, so that intermediate arrays are small.
_CHUNK = 4096


class PriceAdapter(CausalAdapter):
    """Turn price bars into returns, ranges, gaps, volumes and volatilities without look-ahead.

    Parameters
    ----------
    n_steps : int, default=30
        Number of bars of a case; bars before them serve as context only.
    channels : list of str and callables
        Channels of a step, in this order; n is a number of bars, as in ``"volatility_20"``:

        ``"log_return"``: log of the close over the close before. ``"momentum_n"``: over the close n bars before.
        ``"gap"``: log of the open over the close before (overnight). ``"body"``: log of the close over the open.
        ``"range"``: log of the high over the low. ``"position"``: place of the close between low (-1) and high (1), 0
        if these are equal. ``"average_n"``: log of the close over the mean of the last n closes. ``"volatility_n"``:
        standard deviation of the last n log returns. ``"relative_volume_n"``: log of the volume over the mean of the n
        bars before; NaN without trade. ``"elapsed"``: log of the days since the bar before.

        ``"column:name"``: the column of that name as it is, such as a rate known at the close of the bar. A function
        takes all bars of a ticker and returns a number for each; it is checked not to look ahead. A file of
        `SeqConvClassifier.save` cannot hold a function.
    date_order : {"MDY", "DMY", "YMD"}, optional
        Order of dates such as 12/31/2015 or 24-01-05 in files and frames; None finds it from the whole column.
    stream : bool, default=False
        Ask the estimator to call `transform` batch by batch during training, to save memory.

    Attributes
    ----------
    channels_ : list of str
        Names of the channels of X.

    Notes
    -----
    A record is a path or data frame as `seqconv.formats.read_prices` takes it, a list of such parts of one ticker, or
    the bars that it returns. Prices are
    adjusted for splits and dividends if the record has an adjusted close. Volume is adjusted for splits if the record
    has an adjusted volume or counts in the shares of today.

    Shape: n_cases records to float32 ``(n_cases, n_steps, n_channels)``: the last `n_steps` bars of each record. A
    record with fewer bars is filled with NaN at the end. A channel that looks further back than the record reaches is
    NaN there; records of `cases` reach far enough. Missing bars are not filled in: the next return spans the gap.

    Locate: dates (datetime64[ns]) of the bar before each step and of its own; the first bar has its own date twice.

    Time zones: dates with a zone, or counted from 1970, are instants in UTC. Others are the clock of the exchange.

    No look-ahead: a step is made of its own bar and bars before. All channels are ratios, so that currency and, for
    adjusted bars, later splits and dividends change nothing. Nothing is learnt from other cases.

    Examples
    --------
    >>> from seqconv.adapters import PriceAdapter
    >>> from seqconv.datasets import make_prices
    >>> adapter = PriceAdapter(n_steps=10, channels=["log_return", "volatility_20"])
    >>> cases = adapter.cases(make_prices(n_tickers=2, n_bars=60))
    >>> adapter.fit(cases.X).transform(cases.X[:3]).shape
    (3, 10, 2)
    >>> sorted(set(cases.y.tolist())), cases.about.columns.tolist()
    (['down', 'up'], ['record', 'start', 'stop', 'label_start', 'label_stop', 'outcome'])
    """

    def __init__(
        self,
        n_steps: int = 30,
        channels: Sequence[str | Callable] = (
            "log_return",
            "gap",
            "range",
            "position",
            "average_5",
            "average_20",
            "volatility_20",
            "relative_volume_20",
            "elapsed",
        ),
        date_order: str | None = None,
        stream: bool = False,
    ):
        self.n_steps = n_steps
        self.channels = channels
        self.date_order = date_order
        self.stream = stream

    def cases(
        self,
        records: Any,
        groups: Sequence[str] | None = None,
        *,
        label: Callable | None = direction,
        dead_zone: str = "drop",
        stride_bars: int = 1,
        errors: str = "raise",
    ) -> SequenceSet:
        """Cut the bars of tickers into cases and label them by the bars that follow.

        Parameters
        ----------
        records : list or dict of price records, path of a folder, data frame or SequenceSet
            The bars of one ticker each; a dict has the tickers as keys, and a folder a file for each. Or a frame of
            several tickers, as a column, a level of the index or part of the names of columns.
        groups : list of str, optional
            Ticker of each record, all different; by default the keys, the groups of the set, or the names of the files.
            Files whose names differ by the month or day at the end alone are parts of one ticker. So are those that
            differ by a year or the word of a month, such as AAPL_2022.csv and AAPL_2023.csv, if no dates overlap.
        label : callable or None, default=seqconv.domains.finance.labels.direction
            Function from the bars of a ticker to `BarLabels`, such as ``functools.partial(direction, horizon_bars=5)``.
            None gives no labels and keeps the cases up to the last bar.
        dead_zone : {"drop", "keep"}, default="drop"
            Whether cases labelled ``"none"`` are left out, as in the literature. A trader cannot know them beforehand:
            keep them for figures of profit.
        stride_bars : int, default=1
            Distance from the last bar of a case to that of the next.
        errors : {"raise", "skip"}, default="raise"
            Raise the error of a ticker that cannot be read or is too short, or leave it out with one warning.
            ``about.attrs["skipped"]`` lists those left out with their errors.

        Returns
        -------
        SequenceSet
            X: bars of each case with the context of its channels, as views. y: ``"up"``, ``"down"`` or ``"none"``.
            groups: tickers. about: a data frame. Its columns are ``record`` (ticker), ``start`` and ``stop`` (dates of
            the steps), ``label_start`` and ``label_stop`` (dates of the label) and ``outcome`` (its return). Dates are
            in UTC, with that zone, if a record has time zones or counts from 1970.

        Raises
        ------
        ValueError, TypeError, OSError
            If a ticker cannot be read or is too short; under ``"skip"`` if all are. If a ticker comes twice.

        Warns
        -----
        UserWarning
            If tickers were left out, or have no case, as no bar has a label outside of the dead zone.
        UserWarning
            If some tickers have dates with a time zone and others do not.

        Notes
        -----
        Windows overlap and tickers move together, so split cases by date: `seqconv.datasets.split_prices` or
        `seqconv.data.WalkForwardSplit`, which also serves as ``cv`` of scikit-learn.

        Examples
        --------
        >>> from functools import partial
        >>> from seqconv.adapters import PriceAdapter
        >>> from seqconv.domains.finance.labels import triple_barrier
        >>> from seqconv.datasets import make_prices
        >>> barriers = partial(triple_barrier, horizon_bars=5)
        >>> cases = PriceAdapter(n_steps=10).cases(make_prices(2, 60), label=barriers, dead_zone="keep")
        >>> len(cases), bool((cases.about["label_stop"] > cases.about["stop"]).all())
        (52, True)
        """
        self._check_parameters()
        return cut_tickers(self, records, groups, label, dead_zone, stride_bars, errors, stacklevel=2)

    # Evenly spaced bars have one.
    may_be_constant = ("elapsed",)

    def _check_records(self, X):
        return check_price_records(X)

    def _transform(self, records):
        def _channels(bars, rows):
            if fault := find_bar_fault(bars):
                raise case_error(ValueError, rows[fault[0]], f"{{case}}, {fault[1]}")
            return price_channels(bars, self.channels)

        return self._last_steps(self._series(records), self._n_context(), _CHUNK, _channels)

    def _locate(self, records):
        spans = []
        for bars in self._series(records):
            before = np.concatenate([bars["date"][:1], bars["date"][:-1]])
            spans.append(np.stack([before, bars["date"]], axis=1)[-self.n_steps :])
        return spans

    def _series(self, records):
        return check_each(records, lambda record: read_bars(record, self)[0])

    def _n_context(self):
        return context_bars(self.channels)

    def _check_parameters(self):
        super()._check_parameters()
        check_names(self.channels)
        choice("date_order", self.date_order, (None, "MDY", "DMY", "YMD"))

    def _channel_names(self):
        return [channel_name(channel) for channel in self.channels]
