"""What the adapters of prices and of order books share: channels fixed by their parameters, made of what was known by then."""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

MOST_STEPS = 100_000


class CausalAdapter(TransformerMixin, BaseEstimator):
    """Base of the adapters that learn nothing: a fitted one holds the names of its channels, and no more.

    A subclass has the parameters `n_steps` and `stream`, checks the others in `_check_parameters` and names the channels in
    `_channel_names`.
    """

    def fit(self, X, y=None):
        """Check the parameters; nothing is learnt from the records.

        Parameters
        ----------
        X : list of records
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        ValueError, TypeError, OSError
            A parameter out of range; a record of another kind, empty or not there, by case.
        """
        self._check_parameters()
        self.check(X)
        self.channels_ = self._channel_names()
        return self

    def get_state(self):
        """What a fitted adapter holds, as plain JSON values and arrays; the parameters are those of `get_params`.

        Returns
        -------
        state : dict
            ``channels``.
        arrays : dict
            Empty.

        Examples
        --------
        >>> from seqconv.adapters import PriceAdapter
        >>> PriceAdapter(channels=["range"]).set_state({"channels": ["range"]}, {}).get_state()
        ({'channels': ['range']}, {})
        """
        check_is_fitted(self, "channels_")
        return {"channels": list(self.channels_)}, {}

    def set_state(self, state, arrays):
        """Become the fitted adapter that gave this state; it may come from a file that nobody trusts.

        Parameters
        ----------
        state, arrays : dict
            As given by `get_state`, of an adapter with the same parameters.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            The parameters or the state are not those that a fitted adapter can have.
        """
        self._check_parameters()
        channels = self._channel_names()
        if state != {"channels": channels} or arrays != {}:
            raise ValueError(f"the state must be the channels of the adapter alone, got {state!r:.80}.")
        self.channels_ = channels
        return self

    def _check_parameters(self):
        is_whole = isinstance(self.n_steps, int | np.integer) and not isinstance(self.n_steps, bool)
        if not is_whole or not 1 <= self.n_steps <= MOST_STEPS:
            raise ValueError(f"n_steps must be a whole number from 1 to {MOST_STEPS}, got {self.n_steps!r}.")
        if self.stream not in (True, False):
            raise ValueError(f"stream must be True or False, got {self.stream!r}.")

    def _last_steps(self, cases, n_context, n_at_once, compute):
        """What `compute` makes of the last steps of each case, (n_cases, n_steps, n_channels), shorter ones filled with NaN.

        `compute` takes cases of one length, (n, n_context + n_steps or fewer), and their numbers; at most `n_at_once`, so
        that what lies between is small.
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
