"""The scikit-learn regressor of sequences."""

import keras
import numpy as np
from sklearn.base import RegressorMixin
from sklearn.utils.validation import check_array, check_consistent_length

from seqconv.data.checking import refuse_text
from seqconv.data.scaling import warn_of_level
from seqconv.estimators.sequence_estimator import SequenceEstimator, unpacked
from seqconv.models import build_regressor


class SeqConvRegressor(RegressorMixin, SequenceEstimator):
    """Predict numbers from sequences with a one-dimensional convolutional network.

    Parameters
    ----------
    encoder, adapter, pooling, augment, scaling, epochs, batch_size, learning_rate, optimizer, validation_fraction, \
patience, n_members, callbacks, random_state, verbose
        As for `SeqConvClassifier`.

    Attributes
    ----------
    members_, model_, adapter_, history_, n_features_in_
        As for `SeqConvClassifier`.

    Notes
    -----
    The targets are scaled to mean 0 and deviation 1 for training; the last layer of the network turns its answer back
    into the user's units, so that a saved or exported network speaks them too. The loss is the squared error in
    deviations of the target.

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

    def fit(self, X, y=None, sample_weight=None, groups=None, validation_data=None):
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
        ValueError, TypeError
            Bad X, y, weights or parameters; the message names what was required, what came and which case.
        """
        return self._fit(X, y, sample_weight, groups, validation_data)

    def predict(self, X):
        """Predicted numbers, shape (n_cases,), or (n_cases, n_outputs) where `fit` saw such a y."""
        answers = self._predict_raw(X)
        return answers[:, 0] if self._single_output else answers

    def score(self, X, y=None, sample_weight=None):
        """Coefficient of determination (R squared) on X and y, or on a SequenceSet, which brings its own y."""
        X, y, _ = unpacked(X, y, None)
        return super().score(X, y, sample_weight)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        tags.target_tags.single_output = True
        return tags

    # ---- what differs from the classifier

    def _read_targets(self, X, y):
        if y is None:
            raise ValueError("SeqConvRegressor requires y to be passed, but the target y is None.")
        self._single_output = np.asarray(y).ndim == 1
        return self._encode(X, y, "y")

    def _encode(self, X, y, name):
        """Targets as float64 (cases, outputs)."""
        refuse_text(np.asarray(y), name)
        if np.asarray(y).dtype.kind in "mM":
            raise TypeError(f"{name} must be numbers, got {np.asarray(y).dtype}; subtract a date and divide by a unit.")
        y = check_array(y, ensure_2d=False, dtype=np.float64, input_name=name, ensure_all_finite=False)
        check_consistent_length(X, y)
        y = y.reshape(len(y), -1)
        odd = ~np.isfinite(y).all(axis=1)
        if odd.any():
            case = int(odd.argmax())
            raise ValueError(f"{name} must be finite, got NaN or inf in case {case}: {y[case].tolist()}.")
        if name != "y" and y.shape[1] != len(self._target_scale):
            raise ValueError(f"{name} must have {len(self._target_scale)} outputs a case, got {y.shape[1]}.")
        too_large = (np.abs(y) > np.finfo(np.float32).max).any(axis=1)
        if too_large.any():
            raise ValueError(f"{name} must fit float32, got a larger number in case {int(too_large.argmax())}.")
        return y

    def _strata(self, targets):
        return None

    _trained_layer = "scaled_head"

    def _learn_targets(self, targets, weight):
        self._target_centre = np.average(targets, axis=0, weights=weight)
        deviation = np.sqrt(np.average((targets - self._target_centre) ** 2, axis=0, weights=weight))
        self._target_scale = np.where(deviation > 0, deviation, 1.0)
        for output, level in enumerate(self._target_centre):
            warn_of_level(f"output {output} of y", level, deviation[output])

    def _scaled(self, targets):
        # In float64, before the network sees them: a level far above the deviation would drown it in float32.
        return ((targets - self._target_centre) / self._target_scale).astype(np.float32)

    def _build(self, encoder, pooling, training, seed):
        return build_regressor(
            encoder,
            (None, *training.survey.shape),
            training.y.shape[1],
            stem=self._stem(training),
            pooling=pooling,
            centre=self._target_centre,
            scale=self._target_scale,
            seed=seed,
        )

    def _loss(self):
        return keras.losses.MeanSquaredError()
