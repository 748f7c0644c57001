"""Real daily prices by name, and the dates at which the literature splits them."""

import difflib

from seqconv.data import SequenceSet
from seqconv.data.dated_splits import parts_by_date
from seqconv.domains import home
from seqconv.domains.finance.prices_csv import read_prices

# First date of each part and the first one behind it, by the days that a label speaks of.
_PARTS = {
    "stocknet_acl18": {
        "train": ("2014-01-01", "2015-08-01"),
        "dev": ("2015-08-01", "2015-10-01"),
        "test": ("2015-10-01", "2016-01-01"),
    },
    "kdd17_2007_2015": {"train": ("2007-01-01", "2015-01-01"), "dev": ("2015-01-01", "2016-01-01")},
}


def load_prices(name):
    """Daily bars of US stocks, a set of the stock movement literature: one ticker a case, ready to be cut into windows.

    Parameters
    ----------
    name : {"stocknet_acl18", "kdd17_2007_2015"}
        ``"stocknet_acl18"``: 87 tickers, 2012-09-04 to 2015-12-31 (71,668 bars; the list's GMRE has none in that time, AGFS
        and BABA start later). ``"kdd17_2007_2015"``: 50 tickers, 2007-01-03 to 2015-12-31 (113,300 bars).

    Returns
    -------
    SequenceSet
        X: list of arrays of bars as `seqconv.formats.read_prices` gives them, adjusted for splits and dividends. groups:
        tickers. Neither y nor part: labels and their dates come with the windows, see `PriceAdapter.cases` and
        `split_prices`.

    Raises
    ------
    ValueError
        An unknown name, or a file that cannot be read exactly, by file and line.
    OSError
        A file is missing. The files must lie in the data home: their homes offer them only with later years.

    References
    ----------
    Xu and Cohen (2018), "Stock movement prediction from tweets and historical prices"; Zhang, Aggarwal and Qi (2017), "Stock
    price prediction via discovering multi-frequency trading patterns".

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


def split_prices(cases, bounds):
    """The cases of each part by date, across all tickers; cases whose label reaches from one part into the next are left out.

    Parameters
    ----------
    cases : SequenceSet
        Of `PriceAdapter.cases`, with labels.
    bounds : str or dict of str to (start, stop)
        A name of `load_prices` for the split of the literature: for ``"stocknet_acl18"`` train from 2014-01-01, dev from
        2015-08-01, test from 2015-10-01 to 2015-12-31; for ``"kdd17_2007_2015"`` train to 2014-12-31, dev 2015 (its test
        year, 2016, is not part of the set). Or the first date of each part and the first one behind it.

    Returns
    -------
    SequenceSet
        With ``part``; cases outside of all parts are not in it.

    Raises
    ------
    ValueError
        An unknown name, cases without dates of labels, bounds that overlap, a part without any case.

    Notes
    -----
    A case belongs to the part in which all days lie that its label speaks of, from the bar after its last one on. What it
    looks back on may lie before: that was known.

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
            "cases must come from PriceAdapter.cases with a label: each needs the dates that it speaks of."
        )
    starts, stops = (cases.about[name].to_numpy() for name in ("label_start", "label_stop"))
    parts = parts_by_date(starts, stops, bounds)
    for name, (start, stop) in bounds.items():
        if not (parts == name).any():
            first, last = starts.min(), stops.max()
            raise ValueError(
                f"the part {name!r} must hold a case, none lies from {start} to {stop}, all from {first} to {last}."
            )
    kept = parts != ""
    return SequenceSet(**(vars(cases[kept]) | {"part": parts[kept]}))


def _check_name(name):
    if name not in _PARTS:
        near = difflib.get_close_matches(str(name).lower(), _PARTS, n=1, cutoff=0.4)
        offer = f"; did you mean {near[0]!r}?" if near else "."
        raise ValueError(f"name must be one of {', '.join(_PARTS)}, got {name!r}{offer}")
