"""The scikit-learn classifier of sequences."""

import keras
import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_consistent_length, column_or_1d

from seqconv.data.checking import is_missing
from seqconv.estimators.augmentation import draw_changes
from seqconv.estimators.sequence_estimator import SequenceEstimator, unpacked
from seqconv.models import build_classifier


class SeqConvClassifier(ClassifierMixin, SequenceEstimator):
    """Classify sequences with a one-dimensional convolutional network.

    Parameters
    ----------
    encoder : str or Encoder, optional
        A name of `seqconv.encoders.names`, or a value object such as ``InceptionTime(depth=3)``, which a grid search
        reaches as ``encoder__depth``. None is Kim's network behind an adapter that makes tokens, else InceptionTime.
    adapter : transformer, optional
        Turns raw records into X; fitted on the training part, kept and saved with the model. None where X is numbers.
    pooling : str or keras.layers.Layer, optional
        ``"mean"``, ``"max"``, ``"mean_max"``, ``"k_max"``, ``"k_mean"``, ``"chunk_max"``, ``"attention"`` or a layer of
        `seqconv.layers`; None is that of the encoder's paper, and ``"mean_max"`` where `encoder` is None and the adapter
        makes tokens.
    augment : keras.layers.Layer or list of them, optional
        Layers of `seqconv.augment` or like them. Called on training batches as ``layer((x, y, sample_weight),
        training=True)``, y one-hot.
    scaling : {"standard", "case"} or None, default="standard"
        Scale the channels by statistics of the training part, each case by its own, or not. Not for tokens.
    epochs : int, optional
        Most passes over the training part. None chooses by steps: 50 passes of a series set (6 of a token set), but at
        least 1,500 (400) and at most 15,000 steps.
    batch_size : int, optional
        Cases in a step. None is a tenth of the cases, within 16 to 64.
    learning_rate : float, default=1e-3
        Highest rate of the schedule: it rises over a tenth of the steps and falls to 0 as half a cosine.
    optimizer : str or keras.optimizers.Optimizer, default="adam"
        An object is a template and keeps its own learning rate.
    validation_fraction : float, optional
        Share of the cases (of the groups, where given) set apart to choose the best epoch, the last that is within one
        standard error of the most accurate, and to stop. None is 0.1 where there are at least 200 cases and 10 of each
        class, but 0 for fewer cases, and for texts without groups, where all words learnt are worth more than an epoch well
        chosen. With 0 the training loss is watched.
    patience : int, optional
        Epochs without a best one after which `fit` ends. None is a third of the epochs, at least 5.
    class_weight : dict or "balanced", optional
        Weight of each class; not for multi-label targets.
    n_members : int, default=1
        Networks from different starting weights, whose probabilities are averaged.
    callbacks : list of keras.callbacks.Callback, optional
        Told of the network, epochs and batches during `fit`. They are not saved with the model. One that sets the
        learning rate needs an object for `optimizer`.
    random_state : int, RandomState or None, default=None
        An int makes two fits on CPU at an equal number of threads agree bit for bit.
    verbose : int, default=0
        1 shows a bar with the time left, 0 nothing.

    Attributes
    ----------
    classes_ : array
        Class labels in the order of `predict_proba`.
    members_ : list of keras.Model
        The networks, each with the layers ``stem``, ``features``, ``pooling`` and ``head``.
    model_ : keras.Model
        Their average as one network; the only member where there is one.
    adapter_ : transformer or None
        The fitted adapter.
    history_ : dict
        Lists with one value an epoch: ``loss``, ``learning_rate`` and, with a validation part, ``val_loss`` and
        ``val_accuracy``. With several members ``{"members": [one such dict each]}``.
    n_features_in_ : int
        Steps of a 2-D X; channels of a 3-D X or a list.

    Notes
    -----
    X is ``(cases, steps)``, ``(cases, steps, channels)`` or a list of ``(steps_i, channels)``; NaN means not observed, and
    a case of fewer steps gives the same answer alone as in a longer batch.

    Ctrl-C during `fit` leaves the best weights so far, or, before the first epoch ended, the estimator as it was.

    Examples
    --------
    >>> from seqconv import SeqConvClassifier
    >>> from seqconv.datasets import make_series
    >>> from seqconv.encoders import FCN
    >>> series = make_series(n_cases=60, random_state=0)
    >>> classifier = SeqConvClassifier(FCN(filters=(8, 8, 8)), epochs=2, random_state=0).fit(series.X, series.y)
    >>> classifier.predict_proba(series.X[:3]).shape[0]
    3
    """

    def __init__(
        self,
        encoder=None,
        *,
        adapter=None,
        pooling=None,
        augment=None,
        scaling="standard",
        epochs=None,
        batch_size=None,
        learning_rate=1e-3,
        optimizer="adam",
        validation_fraction=None,
        patience=None,
        class_weight=None,
        n_members=1,
        callbacks=None,
        random_state=None,
        verbose=0,
    ):
        super().__init__(
            encoder,
            adapter=adapter,
            pooling=pooling,
            augment=augment,
            scaling=scaling,
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=learning_rate,
            optimizer=optimizer,
            validation_fraction=validation_fraction,
            patience=patience,
            n_members=n_members,
            callbacks=callbacks,
            random_state=random_state,
            verbose=verbose,
        )
        self.class_weight = class_weight

    def fit(self, X, y=None, sample_weight=None, groups=None, validation_data=None):
        """Train the network.

        Parameters
        ----------
        X : array, list of arrays, raw records for the adapter, or SequenceSet
        y : array of shape (n_cases,), or (n_cases, n_labels) of 0 and 1
            Strings, integers or booleans; two dimensions mean that a case may have any number of labels.
        sample_weight : array of shape (n_cases,), optional
            0 is as if the case were left out.
        groups : array of shape (n_cases,), optional
            Patient, speaker, ticker: none is both in the training and in the validation part.
        validation_data : tuple (X, y) or (X, y, sample_weight), or SequenceSet, optional
            Watched in place of a part of X. Here `class_weight` does not count, but the weights given do.

        Returns
        -------
        SeqConvClassifier
            Itself.

        Raises
        ------
        ValueError, TypeError
            Bad X, y, weights or parameters; the message names what was required, what came and which case.
        """
        return self._fit(X, y, sample_weight, groups, validation_data)

    def predict_proba(self, X, n_augmentations=0):
        """Probability of each class, rows summing to 1; of each label where multi-label.

        Parameters
        ----------
        X : array, list of arrays, raw records for the adapter, or SequenceSet
        n_augmentations : int, default=0
            Also answer for so many copies of each case, changed by `augment`, and take the mean of all answers
            (test-time augmentation). Layers that mix cases are left out. What is drawn comes from `random_state` where
            that is a number, else from 0, and depends on the cases asked for together.

        Returns
        -------
        array of float64, shape (n_cases, n_classes)

        Raises
        ------
        ValueError
            Bad X; copies wanted of an estimator that has no layers to change them with, as one that was loaded: set its
            `augment`.
        """
        probabilities = self._predict_raw(X, draw_changes(self.augment, n_augmentations, self.random_state))
        return probabilities if self._multi_label else probabilities / probabilities.sum(axis=1, keepdims=True)

    def predict(self, X):
        """Most probable class of each case, shape (n_cases,); labels of probability over 0.5 where multi-label."""
        probabilities = self.predict_proba(X)
        if self._multi_label:
            return (probabilities > 0.5).astype(int)
        return self.classes_[probabilities.argmax(axis=1)]

    def score(self, X, y=None, sample_weight=None):
        """Accuracy on X and y, or on a SequenceSet, which brings its own y."""
        X, y, _ = unpacked(X, y, None)
        return super().score(X, y, sample_weight)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags

    # ---- what differs from the regressor

    def _read_targets(self, X, y):
        if y is None:
            raise ValueError("SeqConvClassifier requires y to be passed, but the target y is None.")
        y = _checked_labels(y)
        check_consistent_length(X, y)
        check_classification_targets(y)
        kind = type_of_target(y, input_name="y")
        if kind not in ("binary", "multiclass", "multilabel-indicator"):
            raise ValueError(f"y must be one label a case or a 0/1 table of labels, got {kind} targets.")
        self._multi_label = kind == "multilabel-indicator"
        if self._multi_label:
            self.classes_ = np.arange(np.shape(y)[1])
        else:
            self.classes_ = np.unique(_column(y))
            if len(self.classes_) < 2:
                raise ValueError(f"y must have at least 2 classes, got only one class: {self.classes_.tolist()[0]!r}.")
        return self._encode(X, y, "y")

    def _encode(self, X, y, name):
        """One-hot or 0/1 targets, float32 (cases, classes)."""
        y = _checked_labels(y)
        check_consistent_length(X, y)
        if self._multi_label:
            y = np.asarray(y.toarray() if hasattr(y, "toarray") else y)
            if y.ndim != 2 or y.shape[1] != len(self.classes_):
                raise ValueError(f"{name} must have {len(self.classes_)} labels a case, got shape {y.shape}.")
            odd = ~np.isin(y, (0, 1)).all(axis=1)
            if odd.any():
                case = int(odd.argmax())
                raise ValueError(f"{name} must be 0 or 1 for each label, got {y[case].tolist()} in case {case}.")
            return y.astype(np.float32)
        y = _column(y)
        if isinstance(y.tolist()[0], str) != isinstance(
            self.classes_.tolist()[0], str
        ):  # isin would compare their texts
            raise ValueError(f"{name} must have the classes {self.classes_.tolist()}, got {y.tolist()[0]!r} in case 0.")
        unknown = ~np.isin(y, self.classes_)
        if unknown.any():
            case = int(unknown.argmax())
            raise ValueError(
                f"{name} must have the classes {self.classes_.tolist()}, got {y.tolist()[case]!r} in case {case}."
            )
        return np.eye(len(self.classes_), dtype=np.float32)[np.searchsorted(self.classes_, y)]

    def _case_weights(self, X, targets, sample_weight):
        weight = super()._case_weights(X, targets, sample_weight)
        if not self._multi_label and not (weight @ targets).astype(bool).sum() > 1:
            raise ValueError("sample_weight must leave at least 2 classes with a weight above 0, got one class.")
        if self.class_weight is None:
            return weight
        if self._multi_label:
            raise ValueError("class_weight needs one label a case; give sample_weight for multi-label targets.")
        labels = self.classes_[targets.argmax(axis=1)]
        counted = labels[weight > 0]
        present = np.unique(counted)
        by_class = np.zeros(len(self.classes_))
        by_class[np.isin(self.classes_, present)] = compute_class_weight(self.class_weight, classes=present, y=counted)
        if not (np.isfinite(by_class).all() and (by_class >= 0).all() and by_class.any()):
            raise ValueError(
                f"class_weight must be finite, 0 or more, and above 0 for a class, got {self.class_weight}."
            )
        return weight * (by_class / by_class.max())[targets.argmax(axis=1)]

    def _strata(self, targets):
        return None if self._multi_label else targets.argmax(axis=1)

    def _missing_class(self, targets):
        missing = ~targets.any(axis=0)
        return None if self._multi_label or not missing.any() else self.classes_.tolist()[missing.argmax()]

    def _build(self, encoder, pooling, training, seed):
        return build_classifier(
            encoder,
            (None, *training.survey.shape),
            len(self.classes_),
            stem=self._stem(training),
            pooling=pooling,
            multi_label=self._multi_label,
            seed=seed,
        )

    def _loss(self):
        return keras.losses.BinaryCrossentropy() if self._multi_label else keras.losses.CategoricalCrossentropy()

    def _accuracy(self):
        metric = keras.metrics.BinaryAccuracy if self._multi_label else keras.metrics.CategoricalAccuracy
        return metric(name="accuracy")


def _column(y):
    """Labels as one column; strings of any kind as Python's."""
    return column_or_1d(np.asarray(y), warn=True)


def _checked_labels(y):
    """y as NumPy takes it; refuses a missing label, and labels of several kinds, which NumPy would make strings of."""
    if hasattr(y, "toarray") or not hasattr(y, "__len__"):  # sparse labels; a scalar, which scikit-learn refuses
        return y
    if len(y) == 0:
        raise ValueError("y must have a label for each case, got none at all.")
    rows = y.tolist() if isinstance(y, np.ndarray) else list(getattr(y, "values", y))
    missing = [is_missing(row) for row in rows]
    if any(missing):
        raise ValueError(f"y must have a label for each case, got NaN or None in case {missing.index(True)}.")
    if any(np.ndim(row) for row in rows):
        return y
    if len({isinstance(row, str) for row in rows}) > 1:
        raise ValueError("y must be all strings or all numbers, got a mix of both.")
    return np.array(rows) if getattr(getattr(y, "dtype", None), "kind", "") in ("O", "T") else y
