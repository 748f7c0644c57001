"""Real daily prices by name, and the dates at which the literature splits them."""

import difflib

from seqconv.data import SequenceSet
from seqconv.data.dated_splits import parts_by_date
from seqconv.domains import home
from seqconv.domains.finance.prices_csv import read_prices

# First date of each part and the first one after it, by the days of a label.
_PARTS = {
    "stocknet_acl18": {
        "train": ("2014-01-01", "2015-08-01"),
        "dev": ("2015-08-01", "2015-10-01"),
        "test": ("2015-10-01", "2016-01-01"),
    },
    "kdd17_2007_2015": {"train": ("2007-01-01", "2015-01-01"), "dev": ("2015-01-01", "2016-01-01")},
}


def load_prices(name: str) -> SequenceSet:
    """Load daily bars of US stocks, a set of the stock movement literature, one ticker a case.

    Parameters
    ----------
    name : {"stocknet_acl18", "kdd17_2007_2015"}
        ``"stocknet_acl18"``: 87 tickers, 2012-09-04 to 2015-12-31 (71,668 bars; the list's GMRE has none in that time,
        AGFS and BABA start later). ``"kdd17_2007_2015"``: 50 tickers, 2007-01-03 to 2015-12-31 (113,300 bars).

    Returns
    -------
    SequenceSet
        X: list of arrays of bars as `seqconv.formats.read_prices` returns them, adjusted for splits and dividends.
        groups: tickers. There is no y and no part: labels and dates come with the windows, see `PriceAdapter.cases` and
        `split_prices`.

    Raises
    ------
    ValueError
        If the name is unknown, or a file cannot be read exactly; the message names file and line.
    OSError
        If a file is not in the data home. They cannot be downloaded, as their homes offer them only with later years.

    References
    ----------
    Xu and Cohen (2018), "Stock movement prediction from tweets and historical prices".

    Zhang, Aggarwal and Qi (2017), "Stock price prediction via discovering multi-frequency trading patterns".

    Examples
    --------
    >>> load_prices("acl18")
    Traceback (most recent call last):
    ...
    ValueError: name must be one of stocknet_acl18, kdd17_2007_2015, got 'acl18'; did you mean 'stocknet_acl18'?
    """
    _check_name(name)
    prefix, suffix = f"finance/{name}/", ".csv"
    paths = [path for path in home.registered() if path.startswith(prefix)]
    tickers = [path.removeprefix(prefix).removesuffix(suffix) for path in paths]
    return SequenceSet([read_prices(home.fetch(path)) for path in paths], groups=tickers)


def split_prices(cases: SequenceSet, bounds: str | dict[str, tuple]) -> SequenceSet:
    """Split cases by date, across all tickers; leave out cases whose label reaches from one part into the next.

    Parameters
    ----------
    cases : SequenceSet
        Result of `PriceAdapter.cases`, with labels.
    bounds : str or dict of str to (start, stop)
        First date of each part and the first one after it. Or a name of `load_prices` for the split of the literature:
        for ``"stocknet_acl18"`` train from 2014-01-01, dev from 2015-08-01, test from 2015-10-01 to 2015-12-31; for
        ``"kdd17_2007_2015"`` train to 2014-12-31, dev 2015 (its test year, 2016, is not part of the set).

    Returns
    -------
    SequenceSet
        Cases with ``part``; those outside of all parts are left out.

    Raises
    ------
    ValueError
        If the name is unknown, the cases have no dates of labels, bounds overlap, or a part has no case.

    Notes
    -----
    A case belongs to the part that holds all days of its label, from the bar after its last one on. Its own bars may be
    earlier, as they were known.

    Examples
    --------
    >>> from seqconv.adapters import PriceAdapter
    >>> from seqconv.datasets import make_prices
    >>> cases = PriceAdapter(n_steps=5).cases(make_prices(n_tickers=2, n_bars=100))
    >>> parts = split_prices(cases, {"train": ("2012-01-01", "2012-05-01"), "test": ("2012-05-01", "2012-07-01")})
    >>> sorted(set(parts.part.tolist())), bool(parts[parts.part_is("train")].about["label_stop"].max() < parts.about[
    ...     "label_stop"].max())
    (['test', 'train'], True)
    """
    if isinstance(bounds, str):
        _check_name(bounds)
        bounds = _PARTS[bounds]
    columns = getattr(cases.about, "columns", ())
    if "label_start" not in columns or cases.about["label_start"].isna().any():
        raise ValueError(
            "cases must come from PriceAdapter.cases with a label, so that each has the dates of its label."
        )
    starts, stops = (cases.about[name].to_numpy() for name in ("label_start", "label_stop"))
    parts = parts_by_date(starts, stops, bounds)
    for name, (start, stop) in bounds.items():
        if not (parts == name).any():
            first, last = starts.min(), stops.max()
            raise ValueError(
                f"the part {name!r} must hold a case from {start} to {stop}, all cases are from {first} to {last}."
            )
    kept = parts != ""
    return SequenceSet(**(vars(cases[kept]) | {"part": parts[kept]}))


def _check_name(name):
    if name not in _PARTS:
        near = difflib.get_close_matches(str(name).lower(), _PARTS, n=1, cutoff=0.4)
        offer = f"; did you mean {near[0]!r}?" if near else "."
        raise ValueError(f"name must be one of {', '.join(_PARTS)}, got {name!r}{offer}")
