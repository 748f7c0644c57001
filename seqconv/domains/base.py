"""Base of the adapters: parameters, records and state of a scikit-learn transformer from raw records to arrays."""

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from seqconv.data.ragged_rows import RaggedRows
from seqconv.domains.forms import as_records


class Adapter(TransformerMixin, BaseEstimator):
    """Transformer from raw records to arrays that keeps the number and the order of the cases.

    A subclass gives the method `cases` and these private ones: ``_check_parameters()`` raises if a parameter is out of
    range, ``_check_records(X)`` returns what `check` promises. ``_fit(records)``, ``_transform(records)`` and
    ``_locate(records)`` take checked records. ``_transform`` returns an array of cases, or a list of one array a case.
    ``_state()`` and ``_restore(state, arrays)`` give and take the state.

    Attributes
    ----------
    makes : {"series", "tokens"}
        What `transform` returns: float32 ``(cases, steps, channels)`` with NaN for missing values, or int32 token ids
        with 0 for no token. An adapter of tokens has ``n_tokens_``, ``n_dims_`` and ``vectors_`` after `fit`, and the
        parameters `vectors_mode` and `piece_dropout`.
    array_dims : tuple of int
        Dimensions of an array of numbers that holds one record a row. The tags for scikit-learn repeat it.
    takes_nan : bool
        Whether numbers may be NaN, which means not observed.
    may_be_constant : tuple of str
        Names of channels that the adapter adds unasked, and that many records hold constant.

    Examples
    --------
    >>> from seqconv.adapters import PriceAdapter, TextAdapter
    >>> PriceAdapter.makes, TextAdapter.makes
    ('series', 'tokens')
    """

    makes = "series"
    array_dims: tuple[int, ...] = ()
    takes_nan = False
    may_be_constant: tuple[str, ...] = ()

    def fit(self, X: Any, y: Any = None) -> "Adapter":
        """Check the parameters and learn what the class lists as fitted attributes, from the training records.

        Parameters
        ----------
        X : list of records
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If a parameter is out of range.
        ValueError, TypeError, OSError
            If `transform` would raise for a record.
        """
        self._check_parameters()
        self._fit(self.check(X))
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Turn records into one array; the class describes its shape.

        Parameters
        ----------
        X : list of records

        Returns
        -------
        array of float32, shape (n_cases, n_steps, n_channels), or of int32, shape (n_cases, n_steps[, n_pieces])

        Raises
        ------
        NotFittedError
            If the adapter is not fitted.
        ValueError, TypeError
            If `check` would raise; the message names the case.
        OSError
            If a file cannot be read.

        Warns
        -----
        UserWarning
            If the array is larger than 256 MB, and nine tenths of it are padding.
        """
        check_is_fitted(self)
        found = self._transform(self.check(X))
        return self._ragged(found).padded(stacklevel=3) if isinstance(found, list) else found

    def pack(self, X: Any) -> Any:
        """Turn records into what `transform` returns, without the padding where cases differ in length.

        Parameters
        ----------
        X : list of records

        Returns
        -------
        array, or object indexed as one by cases and first steps

        Raises
        ------
        ValueError, TypeError, OSError
            If `transform` would raise for a record.

        Examples
        --------
        >>> from seqconv.adapters import TextAdapter
        >>> packed = TextAdapter("word").fit(["see you at lunch"]).pack(["see you", "lunch"])
        >>> packed.shape, packed[[1]].tolist()
        ((2, 2), [[3, 0]])
        """
        # A subclass may transform in a way of its own.
        if type(self).transform is not Adapter.transform:
            return self.transform(X)
        check_is_fitted(self)
        return self._pack(self.check(X))

    def _pack(self, records):
        found = self._transform(records)
        return self._ragged(found) if isinstance(found, list) else found

    def _ragged(self, cases):
        return RaggedRows(cases, 0 if self.makes == "tokens" else np.nan)

    def locate(self, X: Any) -> list[np.ndarray]:
        """Return the place of each step in its record; the class names the unit.

        Parameters
        ----------
        X : list of records
            Records given to `transform`.

        Returns
        -------
        list of arrays of shape (n_steps, 2)
            Start and stop of each step. A step that was cut off has no place.

        Raises
        ------
        ValueError, TypeError, OSError
            If `transform` would raise.
        """
        check_is_fitted(self)
        return self._locate(self.check(X))

    def check(self, X: Any) -> list:
        """Return the records as a list, checked without opening a file.

        Parameters
        ----------
        X : list of records

        Returns
        -------
        list
            Paths as strings, lists of numbers as arrays, other records unchanged.

        Raises
        ------
        TypeError
            If X is not a list, or a record is of another kind.
        ValueError
            If X is empty or one record, or a record has no content.
        FileNotFoundError
            If a file does not exist.
        """
        return self._check_records(as_records(X, are_arrays=2 in self.array_dims))

    def channel_names(self) -> list[str] | None:
        """Return the names of the channels that `transform` makes; None where they have none."""
        return None

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        takes_tables = 2 in self.array_dims
        tags.input_tags.string = True  # texts, or names of files
        # Where a row of a table is a record, scikit-learn would take this tag for columns of numbers.
        tags.input_tags.one_d_array = not takes_tables
        tags.input_tags.two_d_array = takes_tables
        tags.input_tags.three_d_array = 3 in self.array_dims
        tags.input_tags.allow_nan = self.takes_nan
        tags.transformer_tags.preserves_dtype = ["float32"] if takes_tables else []
        return tags

    def get_config(self) -> dict[str, Any]:
        """Return the parameters; Keras asks this of every class that it registers."""
        return self.get_params(deep=False)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Adapter":
        """Make an adapter of these parameters."""
        return cls(**config)

    def get_state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Return what `fit` learnt, as plain JSON values and arrays.

        Returns
        -------
        state, arrays : dict

        Raises
        ------
        NotFittedError
            If the adapter is not fitted.

        Examples
        --------
        >>> from seqconv.adapters import AudioAdapter
        >>> AudioAdapter(features="mfcc").fit([np.ones(9)]).get_state()
        ({'n_channels': 20}, {})
        """
        check_is_fitted(self)
        return self._state()

    def set_state(self, state: dict[str, Any], arrays: dict[str, np.ndarray]) -> "Adapter":
        """Restore the fitted attributes from a state, which may come from an untrusted file.

        Parameters
        ----------
        state, arrays : dict
            Results of `get_state` of an adapter with the same parameters.

        Returns
        -------
        self

        Raises
        ------
        ValueError, TypeError
            If `fit` cannot leave this state, or a parameter is out of range.

        Examples
        --------
        >>> from seqconv.adapters import TextAdapter
        >>> adapter = TextAdapter("char", n_dims=8).set_state({"vocabulary": ["a", "b"], "n_dims": 8}, {})
        >>> adapter.transform(["cab"])
        array([[1, 2, 3]], dtype=int32)
        """
        self._check_parameters()
        self._restore(state, arrays)
        return self
