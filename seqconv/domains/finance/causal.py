"""Base of the adapters of prices and order books, whose steps are made of the past alone."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from seqconv.arguments import flag, whole
from seqconv.data.case_errors import RECORD_ERRORS
from seqconv.domains.base import Adapter

MOST_STEPS = 100_000
# So many records are opened to see whether they are whole files.
_MOST_OPENED = 3


class CausalAdapter(Adapter):
    """Base of the adapters that learn nothing but the names of their channels.

    A subclass has the parameters `n_steps` and `stream`, checks the others in ``_check_parameters`` and names the
    channels in ``_channel_names``. ``_series(records)`` returns an array of rows a record, and ``_n_context()`` the rows
    before the first step that the channels look at.

    Attributes
    ----------
    channels_ : list of str
        Names of the channels of X.

    Examples
    --------
    >>> from seqconv.adapters import PriceAdapter
    >>> PriceAdapter(channels=["range"]).set_state({"channels": ["range"]}, {}).get_state()
    ({'channels': ['range']}, {})
    """

    def fit(self, X: Any, y: Any = None) -> "CausalAdapter":
        """Fit as `Adapter.fit`.

        Warns
        -----
        UserWarning
            If there are labels, and one of the first records is far longer than a case.
        """
        super().fit(X, y)
        if y is not None:
            self._warn_of_whole_records(X)
        return self

    def _warn_of_whole_records(self, X):
        for case, record in zip(range(_MOST_OPENED), X, strict=False):
            try:
                n_rows = len(self._series(self.check([record]))[0])
            except RECORD_ERRORS:
                # The error is raised where the record is read.
                continue
            if n_rows > 2 * (self.n_steps + self._n_context()):
                warnings.warn(
                    f"case {case} has {n_rows} rows, of which the last {self.n_steps} are the steps of a case with one "
                    "label; cut whole records into cases by the method cases, which also labels them.",
                    stacklevel=3,
                )
                return

    def _fit(self, records: list) -> None:
        self.channels_ = self._channel_names()

    def channel_names(self) -> list[str]:
        """Return the names of the channels of X."""
        return list(self.channels_)

    def _state(self):
        return {"channels": list(self.channels_)}, {}

    def _restore(self, state: Any, arrays: Any) -> None:
        channels = self._channel_names()
        if state != {"channels": channels} or arrays != {}:
            raise ValueError(f"the state must be the channels of the adapter alone, got {state!r:.80}.")
        self.channels_ = channels

    def _check_parameters(self) -> None:
        whole("n_steps", self.n_steps, 1, MOST_STEPS)
        flag("stream", self.stream)

    def _last_steps(
        self,
        cases: list[np.ndarray],
        n_context: int,
        n_at_once: int,
        compute: Callable[[np.ndarray, np.ndarray], np.ndarray],
    ) -> np.ndarray:
        """Return the channels of the last steps of each case, (n_cases, n_steps, n_channels), filled up with NaN.

        `compute` takes cases of one length, (n, n_context + n_steps or fewer), and their numbers. It gets at most
        `n_at_once` cases, so that its intermediate arrays are small.
        """
        longest = self.n_steps + n_context
        lengths = np.array([min(len(case), longest) for case in cases])
        out = np.full((len(cases), min(self.n_steps, lengths.max()), len(self.channels_)), np.nan, np.float32)
        for length in np.unique(lengths):
            rows = np.flatnonzero(lengths == length)
            n_steps = min(self.n_steps, length)
            for chunk in np.array_split(rows, -(-len(rows) // n_at_once)):
                together = np.stack([cases[row][-length:] for row in chunk])
                out[chunk, :n_steps] = compute(together, chunk)[:, -n_steps:]
        return out
