"""Read X, from an array or through an adapter, into cases that are checked and measured in one pass."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.utils import _safe_indexing

from seqconv.data.arrays import as_series, is_mapped
from seqconv.data.case_errors import renumbered
from seqconv.data.cases import DecodedCases, StoredCases, blocks
from seqconv.data.ragged_rows import RaggedRows
from seqconv.data.survey import Survey, survey
from seqconv.domains.base import Adapter
from seqconv.estimators.parameters import makes_tokens

Cases = tuple[StoredCases | DecodedCases, Survey]


def read(
    X: Any,
    *,
    n_channels: int | None = None,
    min_steps: int = 1,
    warn: bool = False,
    names: Sequence | None = None,
) -> tuple[StoredCases, Survey]:
    """Read series from an array, a memory map or a list of cases.

    Parameters
    ----------
    X : array of shape (n_cases, n_steps) or (n_cases, n_steps, n_channels), or list of arrays
        See `seqconv.data.arrays.as_series` for all forms.
    n_channels : int, optional
        Channels that X must have.
    min_steps : int, default=1
        Observed steps in a row that each case must have.
    warn : bool, default=False
        Whether to warn of what float32 would round away.
    names : sequence, optional
        Name of each channel, for the warnings.

    Returns
    -------
    cases : StoredCases
        Of a memory map, which stays where it is, of a float32 array, or of float32 arrays of unequal lengths.
    found : Survey

    Raises
    ------
    ValueError
        If X has no case, another number of channels, or values that are not numbers of float32.
        If a case has no observed step, or too few in a row.
    TypeError
        If X holds strings or objects.
    """
    X = as_series(X)
    _check_channels(X.shape[2], n_channels)
    if isinstance(X, RaggedRows):
        found = survey(StoredCases(X).in_blocks(), min_steps=min_steps, warn=warn, names=names)
        return StoredCases(X.astype(np.float32)), found
    is_kept = is_mapped(X) or (X.dtype == np.float32 and X.flags.c_contiguous)
    stored = X if is_kept else np.empty(X.shape, np.float32)
    # Of a map each block is copied, so that its bytes are read from the disk once.
    parts = (np.array(X[block]) if is_mapped(X) else X[block] for block in blocks(X))
    found = survey(parts, min_steps=min_steps, warn=warn, names=names, out=None if is_kept else stored)
    return StoredCases(stored), found


def check_records(X: Any, adapter: Any) -> Any:
    """Return raw records, checked by the adapter where it can.

    Raises
    ------
    ValueError
        If X is not a list or array of at least one record.
    """
    if isinstance(X, str) or not hasattr(X, "__len__") or len(X) == 0:
        what = "none" if hasattr(X, "__len__") and len(X) == 0 else f"a {type(X).__name__}"
        way = "; give [X], a list of one" if isinstance(X, str) and X else ""
        raise ValueError(f"X must be a list or array of at least one raw record, got {what}{way}.")
    return adapter.check(X) if hasattr(adapter, "check") else X


def transform(
    records: Any,
    adapter: Any,
    *,
    numbers: Sequence[int] | None = None,
    n_channels: int | None = None,
    min_steps: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Cases:
    """Turn raw records into cases by a fitted adapter; one that streams decodes them whenever they are taken.

    Parameters
    ----------
    records : list or array
    adapter : transformer
        Fitted.
    numbers : sequence of int, optional
        Positions of the wanted records; None means all. Errors name these.
    n_channels, min_steps
        As for `read`.
    progress : callable, optional
        Called with the number of records decoded so far, if the adapter streams.

    Returns
    -------
    cases : StoredCases or DecodedCases
    found : Survey

    Raises
    ------
    ValueError, TypeError
        As `read`; also if the adapter changes the number of cases.
    """
    numbers = np.arange(len(records)) if numbers is None else np.asarray(numbers)
    is_ids = makes_tokens(adapter)
    if not is_ids and hasattr(adapter, "n_tokens_"):  # its ids would be taken for measurements
        raise TypeError(f"{type(adapter).__name__} makes token ids; it must have the class attribute makes = 'tokens'.")

    is_streamed = getattr(adapter, "stream", False)
    make = adapter.pack if isinstance(adapter, Adapter) and not is_streamed else adapter.transform

    def decode(chosen):
        """Checked cases of some of the wanted records, in the dtype that the network takes."""
        rows = numbers[chosen]
        with renumbered(rows):
            arrays = make(_safe_indexing(records, rows))
            if len(arrays) != len(rows):
                raise ValueError(f"the adapter must keep all cases, it made {len(arrays)} of {len(rows)}.")
            if is_ids:
                cases = StoredCases(arrays, is_ids=True)
                return cases, survey(cases.in_blocks(), is_ids=True, min_steps=min_steps)
            return read(arrays, n_channels=n_channels, min_steps=min_steps)

    if not is_streamed:
        return decode(np.arange(len(numbers)))
    cases = DecodedCases(len(numbers), lambda chosen: np.asarray(decode(chosen)[0].X), is_ids)
    # Checked where they are decoded.
    return cases, survey(cases.in_blocks(), is_ids=is_ids, progress=progress)


def _check_channels(found, n_channels):
    if n_channels is not None and found != n_channels:
        raise ValueError(f"X must have {n_channels} channels a step as in fit, got {found}.")
