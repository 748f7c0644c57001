"""The scikit-learn regressor of sequences."""

from typing import Any

import numpy as np
from sklearn.base import RegressorMixin

from seqconv.estimators.base import SequenceEstimator
from seqconv.estimators.number_targets import NumberTargets
from seqconv.estimators.reading import unpacked


class SeqConvRegressor(RegressorMixin, SequenceEstimator):
    """Predict numbers from sequences with a one-dimensional convolutional network.

    Parameters
    ----------
    encoder, adapter, pooling, head, augment, scaling, epochs, batch_size, learning_rate, optimizer, \
validation_fraction, validation_by, patience, n_members, callbacks, metrics, preset, random_state, verbose
        As for `SeqConvClassifier`. Metrics compare scaled targets, as the loss does.

    Attributes
    ----------
    members_, model_, adapter_, history_, n_features_in_
        As for `SeqConvClassifier`.

    Notes
    -----
    Targets are scaled to mean 0 and deviation 1 for training. The last layer converts answers back to the user's units,
    so that a saved or exported network has them too. The loss is the squared error in deviations of the target.

    Examples
    --------
    >>> from seqconv import SeqConvRegressor
    >>> from seqconv.datasets import make_series
    >>> from seqconv.encoders import FCN
    >>> X = make_series(n_cases=60, random_state=0).X
    >>> regressor = SeqConvRegressor(FCN(filters=(8, 8, 8)), epochs=2, random_state=0).fit(X, X.mean(axis=(1, 2)))
    >>> regressor.predict(X[:3]).shape
    (3,)
    """

    def fit(
        self, X: Any, y: Any = None, sample_weight: Any = None, groups: Any = None, validation_data: Any = None
    ) -> "SeqConvRegressor":
        """Train the network.

        Parameters
        ----------
        X : array, list of arrays, raw records for the adapter, or SequenceSet
        y : array of shape (n_cases,) or (n_cases, n_outputs)
            Finite numbers.
        sample_weight, groups, validation_data
            As for `SeqConvClassifier.fit`.

        Returns
        -------
        SeqConvRegressor
            Itself.

        Raises
        ------
        ValueError
            If X, y, weights, groups or parameters are out of range; the message names the case.
        TypeError
            If X or y hold values of another kind; the message names the case.
        """
        return self._fit(X, y, sample_weight, groups, validation_data)

    def predict(self, X: Any) -> np.ndarray:
        """Predict numbers, shape (n_cases,), or (n_cases, n_outputs) if `fit` had such a y."""
        answers = self._predict_raw(X)
        return self._targets.decode(answers)

    def score(self, X: Any, y: Any = None, sample_weight: Any = None) -> float:
        """Return the coefficient of determination on X and y, or on a SequenceSet, which brings its own y."""
        X, y, _ = unpacked(X, y, None)
        return super().score(X, y, sample_weight)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        tags.target_tags.single_output = True
        return tags

    def _new_targets(self):
        return NumberTargets()
