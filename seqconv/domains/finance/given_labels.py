"""Labels that come with an order book."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seqconv.domains.finance.labels import BarLabels

if TYPE_CHECKING:
    from seqconv.domains.finance.book_sessions import Session

# Rows of labels of an FI-2010 array by their horizon, and what their numbers mean.
FI_HORIZONS = (10, 20, 30, 50, 100)
_FI_NAMES = {1: "up", 2: "none", 3: "down"}


class GivenLabels(NamedTuple):
    """Take the labels that an FI-2010 array or a column of a frame holds, as `label` of `OrderBookAdapter.cases`.

    Parameters
    ----------
    horizon_bars : int, default=10
        Number of snapshots after which a label is known; the last ones of a session have no label. For FI-2010 arrays
        10, 20, 30, 50 or 100, and names the row of labels. These count events, of which a snapshot stands for several,
        so that as many snapshots are never too few.
    column : str, optional
        Name of the column of labels in a frame or file.
    names : dict, optional
        Name of each label, such as ``{1: "up", 0: "none", -1: "down"}``. None keeps the labels of frames as text, and
        takes 1 as ``"up"``, 2 as ``"none"`` and 3 as ``"down"`` in FI-2010 arrays.

    Examples
    --------
    >>> from seqconv.adapters import OrderBookAdapter
    >>> from seqconv.datasets import make_order_book
    >>> book = make_order_book(n_days=1, n_snapshots=40, n_levels=1).X[0].assign(move="up")
    >>> adapter = OrderBookAdapter(n_steps=5, n_levels=1, channels=["spread"])
    >>> len(adapter.cases([book], label=GivenLabels(10, "move")))
    26
    """

    horizon_bars: int = 10
    column: str | None = None
    names: Mapping | None = None

    def of(self, session: "Session", mid: np.ndarray) -> BarLabels:
        """Return the labels of a session.

        Raises
        ------
        ValueError
            If the session has no labels, or a label without a name.
        """
        if session.labels is None:
            raise ValueError("the order book must hold labels, it has none; give a function as label, or a column.")
        values, names = session.labels, self.names
        if values.ndim == 2:
            if self.horizon_bars not in FI_HORIZONS:
                raise ValueError(f"horizon_bars of FI-2010 must be out of {FI_HORIZONS}, got {self.horizon_bars!r}.")
            values, names = values[:, FI_HORIZONS.index(self.horizon_bars)], names or _FI_NAMES
        unknown = next((value for value in values.tolist() if names and value not in names), None)
        if unknown is not None:
            raise ValueError(f"names must have each label, got {unknown!r} and names of {', '.join(map(str, names))}.")
        label = np.array([str(names[value] if names else value) for value in values.tolist()], dtype=object)
        n_known = max(len(label) - self.horizon_bars, 0)
        known = np.where(np.arange(len(label)) < n_known, np.arange(len(label)) + self.horizon_bars, -1)
        label[n_known:] = ""
        outcome = np.where(known >= 0, mid[known] / mid - 1, np.nan)
        return BarLabels(label.astype(str), known, outcome)
