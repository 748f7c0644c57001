"""Price bars to channels that know nothing of the future."""

import numpy as np
from sklearn.utils.validation import check_is_fitted

from seqconv.domains.finance.causal import CausalAdapter
from seqconv.domains.finance.labels import direction
from seqconv.domains.finance.price_channels import check_names, context_bars, price_channels
from seqconv.domains.finance.price_records import check_bars, check_price_records, read_bars
from seqconv.domains.finance.price_windows import cut_tickers

_CHUNK = 4096  # cases computed at once, so that what lies between is small


class PriceAdapter(CausalAdapter):
    """Turn price bars into returns, ranges, gaps, volumes and volatilities, each step made of what was known by then.

    Parameters
    ----------
    n_steps : int, default=30
        Bars of a case; bars before them serve as context only.
    channels : list of str
        What a step holds, in this order; n is a number of bars, as in ``"volatility_20"``:

        ``"log_return"``: log of the close over the close before. ``"momentum_n"``: over the close n bars before.
        ``"gap"``: log of the open over the close before (overnight). ``"body"``: log of the close over the open.
        ``"range"``: log of the high over the low. ``"position"``: where the close lies between low (-1) and high (1), 0
        where these are equal. ``"average_n"``: log of the close over the mean of the last n closes.
        ``"volatility_n"``: standard deviation of the last n log returns. ``"relative_volume_n"``: log of the volume over
        the mean of the n bars before; NaN where nothing was traded. ``"elapsed"``: log of the days since the bar before,
        0 from one day to the next, more over a weekend, a holiday or a halt.
    date_order : {"MDY", "DMY"}, optional
        Of dates such as 12/31/2015 in files and frames; None tells it from the whole column.
    stream : bool, default=False
        Ask the estimator to call `transform` batch by batch beside the training, so that the channels of all cases never
        lie in memory at once. `transform` itself does the same.

    Attributes
    ----------
    channels_ : list of str
        Names of the channels of X.

    Notes
    -----
    A record is a path or data frame as `seqconv.formats.read_prices` takes it, or the bars that it gives. Prices are
    adjusted for splits and dividends where the record has an adjusted close, volume for splits where it has an adjusted
    volume or counts in the shares of today anyway.

    Shape: n_cases records to float32 ``(n_cases, n_steps, n_channels)``: the last `n_steps` bars of each record. Of a
    record with fewer bars all are steps, and the case is filled with NaN at the end. A channel that looks further back than
    the record reaches is NaN there; records of `cases` reach far enough. Missing bars are not filled in: the next return
    spans the gap, which ``"elapsed"`` tells.

    No look-ahead: a step is made of its own bar and bars before. All channels are ratios, so that currency and, of adjusted
    bars, splits and dividends to come change nothing. Nothing is learnt from other cases; the network's stem scales the
    channels.

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
        n_steps=30,
        channels=(
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
        date_order=None,
        stream=False,
    ):
        self.n_steps = n_steps
        self.channels = channels
        self.date_order = date_order
        self.stream = stream

    def transform(self, X):
        """Turn price records into channels.

        Parameters
        ----------
        X : list of price records

        Returns
        -------
        array of float32, shape (n_cases, n_steps, n_channels)

        Raises
        ------
        ValueError, TypeError, OSError
            A record that cannot be read, or a bar that cannot be, by case and line, row or date.
        """
        check_is_fitted(self, "channels_")
        cases = [read_bars(record, f"case {case}", self) for case, record in enumerate(check_price_records(X))]

        def channels(bars, rows):
            check_bars(bars, [f"case {row}" for row in rows])
            return price_channels(bars, self.channels_)

        return self._last_steps(cases, context_bars(self.channels_), _CHUNK, channels)

    def check(self, X):
        """The records as a list, checked without opening a file; a wrong one is named by its case.

        Parameters
        ----------
        X : list of price records

        Returns
        -------
        list
            Paths as strings, the others as they came.

        Raises
        ------
        ValueError, TypeError, FileNotFoundError
            Not a list, or a record of another kind, without bars, or of a file that is not there.
        """
        return check_price_records(X)

    def cases(self, records, groups=None, *, label=direction, dead_zone="drop", stride_bars=1, errors="raise"):
        """Cut the bars of tickers into cases and label them by what came after.

        Parameters
        ----------
        records : list or dict of price records, or SequenceSet
            The bars of one ticker each; a dict has the tickers as keys.
        groups : list of str, optional
            Ticker of each record, no two alike; by default the keys, the groups of the set, or the names of the files.
        label : callable or None, default=seqconv.domains.finance.labels.direction
            From the bars of a ticker to `BarLabels`, such as ``functools.partial(direction, horizon_bars=5)``. None labels
            nothing and keeps the cases up to the last bar.
        dead_zone : {"drop", "keep"}, default="drop"
            Whether cases labelled ``"none"`` are left out, as the literature does. Who trades cannot know them beforehand:
            keep them for figures of profit.
        stride_bars : int, default=1
            From the last bar of a case to that of the next.
        errors : {"raise", "skip"}, default="raise"
            What is done with a ticker that cannot be read or is too short: raise its error, or leave it out and warn once,
            with the number of all such and the reason of each.

        Returns
        -------
        SequenceSet
            X: bars of each case with the context that its channels need, as views of the ticker's bars. y: ``"up"``,
            ``"down"`` or ``"none"``. groups: tickers. about: a data frame with ``record`` (ticker), ``start`` and ``stop``
            (dates of the first and the last step), ``label_start`` and ``label_stop`` (first and last date that the label
            speaks of) and ``outcome`` (the return it is about).

        Raises
        ------
        ValueError, TypeError, OSError
            A ticker that cannot be read or is too short, by name; under ``"skip"`` only if all are. A ticker that comes
            twice.

        Warns
        -----
        UserWarning
            Tickers were left out, or have no case: no bar with a label, or all in the dead zone.

        Notes
        -----
        Windows overlap and tickers move together, so split cases by date: `seqconv.datasets.split_prices` or
        `seqconv.data.dated_splits.walk_forward`. The validation part that an estimator sets apart by itself keeps tickers
        together, not days; give it ``validation_data`` of later days.

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
        return cut_tickers(self, records, groups, label, dead_zone, stride_bars, errors)

    def locate(self, X):
        """The dates of each step, so that what is said of a step can be said of the chart.

        Parameters
        ----------
        X : list of price records
            Those given to `transform`.

        Returns
        -------
        list of arrays of datetime64[ns], shape (n_steps, 2)
            Date of the bar before each step and of its own: a step tells what happened from one to the other. The first bar
            of a record has its own date twice.

        Raises
        ------
        ValueError, TypeError, OSError
            As `transform`.
        """
        check_is_fitted(self, "channels_")
        spans = []
        for case, record in enumerate(check_price_records(X)):
            dates = read_bars(record, f"case {case}", self)["date"]
            before = np.concatenate([dates[:1], dates[:-1]])
            spans.append(np.stack([before, dates], axis=1)[-self.n_steps :])
        return spans

    def _check_parameters(self):
        super()._check_parameters()
        check_names(self.channels)
        if self.date_order not in (None, "MDY", "DMY"):
            raise ValueError(f"date_order must be None, 'MDY' or 'DMY', got {self.date_order!r}.")

    def _channel_names(self):
        return list(self.channels)
