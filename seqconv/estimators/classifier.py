"""The scikit-learn classifier of sequences."""

from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from seqconv.estimators.base import SequenceEstimator
from seqconv.estimators.class_targets import ClassTargets
from seqconv.estimators.reading import unpacked


class SeqConvClassifier(ClassifierMixin, SequenceEstimator):
    """Classify sequences with a one-dimensional convolutional network.

    Parameters
    ----------
    encoder : str or Encoder, optional
        A name of `seqconv.encoders.names`, or a value object such as ``InceptionTime(depth=3)``. None is Kim's network for an adapter that makes tokens, with a linear model next to
        it where these are words; see the notes. For series None is `Bank`: fixed kernels and a head in closed form, fitted
        in seconds without Keras, with fewer kernels for more than 4,000 cases. It is InceptionTime where a setting is given
        that only a network trained by gradient descent uses, such as `epochs`, `augment` or `pooling`.
    adapter : transformer, optional
        Turns raw records into X. It is fitted on the training part, kept and saved with the model. None if X is numbers.
    pooling : str or keras.layers.Layer, optional
        A name of `seqconv.layers.pooling_names`, or a layer of `seqconv.layers`. None is the pooling of the encoder's
        paper, or ``"mean_max"`` if `encoder` is None and the adapter makes tokens.
    head : {None, "ridge"}, default=None
        None trains the whole network by gradient descent, but solves the head of a fixed bank. ``"ridge"`` keeps the random
        initial weights of any encoder and solves only the last layer, in closed form. Its penalty and the temperature of its
        probabilities have the least leave-one-out loss. So nothing is set apart for validation, and `epochs`,
        `batch_size`, `patience`, `learning_rate` and `optimizer` have no effect.
    augment : keras.layers.Layer or list of them, optional
        Layers of `seqconv.augment`, or any others that are called on training batches as
        ``layer((x, y, sample_weight), training=True)``, y one-hot.
    scaling : {"standard", "robust", "case"} or None, default="standard"
        Statistics by which channels are scaled. "standard" takes mean and deviation of the training part, "robust" its
        median and interquartile range, "case" the mean and deviation of each case. Not for tokens.
    epochs : int, optional
        Maximum number of passes over the training part. None chooses 50 for series and 6 for tokens. It chooses more
        where these make too few batches, and fewer where they make more than 15,000. Enough are 400 for tokens. For
        series a tenth of the batches of the encoder's paper is enough, at most 1,500. That is 150 for every 64 cases of
        `InceptionTime`, and 200 for every 16 of other encoders. Next to a linear model: 3, and at least 100 batches.
    batch_size : int, optional
        Cases in a step. None is a tenth of the cases, within 16 to 64, and at most 32,768 steps in all.
    learning_rate : float, optional
        Highest rate: it rises over a tenth of the steps, then falls to 0. None is 1e-3, beside a linear model 3e-3.
    optimizer : str or keras.optimizers.Optimizer, default="adam"
        An object is a template and keeps its own learning rate.
    validation_fraction : float, optional
        Share of the cases, or of the groups, that is set apart to choose the best epoch. That is the last epoch whose
        accuracy is within one standard error of the highest. None is 0.1 where there are at least 200 cases and 10 of
        each class, else 0. It is also 0 for texts and with groups: training on all helps more than choosing an epoch.
        With 0 the training loss chooses. Beside a linear model None sets a tenth apart from the network alone.
    validation_by : {"time", "group", "case"}, optional
        How the cases set apart are chosen: the last ones, without what overlaps them; whole groups; or at random. None is
        by time if cases have dates, else by group if there are groups. Cases of a set that were cut from one record are
        split by time, those cut from several by record.
    patience : int, optional
        Number of epochs after the best one at which `fit` ends. An epoch within one standard error of the most accurate
        counts as best. None is a third of the epochs, at least 5.
    class_weight : dict or "balanced", optional
        Weight of each class; not for multi-label targets.
    n_members : int, default=1
        Networks from different initial weights, whose probabilities are averaged.
    callbacks : list of keras.callbacks.Callback, optional
        Called during `fit`, and not saved. One that sets the learning rate needs an object for `optimizer`.
    metrics : list of str or keras.metrics.Metric, optional
        Further values for `history_`, such as ``["auc"]``. They see one-hot labels and weights; they are not saved.
    preset : {None, "paper"}, default=None
        "paper" takes optimizer, epochs, batch size and part set apart from the encoder's paper, unless you give them.
    random_state : int, RandomState or None, default=None
        An int makes two fits on a CPU equal bit for bit, at an equal number of threads.
    verbose : {0, 1}, default=0
        1 shows epoch, loss, accuracy and the time left.

    Attributes
    ----------
    classes_ : array
        Class labels in the order of `predict_proba`; of a 0/1 table the names of its columns, or their numbers.
    members_ : list of keras.Model
        The networks, each with the layers ``stem``, ``features``, ``pooling`` and ``head``. Those of a fixed bank are drawn
        when they are first asked for.
    model_ : keras.Model
        Their average as one network; the only member if there is one. With a linear model that is its layer ``network``
        beside the layer ``wide``.
    adapter_ : transformer or None
        The fitted adapter.
    history_ : dict
        Lists with one value an epoch: ``loss``, ``accuracy``, `metrics`, ``learning_rate`` and, with a validation part,
        ``val_loss``, ``val_accuracy`` ... With several members ``{"members": [one such dict each]}``. A head in closed
        form has one value, its leave-one-out loss.
    loo_proba_ : array of shape (n_cases, n_classes)
        Probabilities of each training case by the head fitted to all others; NaN for cases of weight 0. Penalty and shares
        are chosen by them, so for few cases they look too good. Only after a fit in closed form, and not saved.
    n_features_in_ : int
        Steps of a 2-D X; channels of a 3-D X or a list.

    Notes
    -----
    X is ``(cases, steps)``, ``(cases, steps, channels)`` or a list of ``(steps_i, channels)``. NaN means not observed.

    Texts, with `encoder` and `head` None: a linear support vector machine learns words, pairs and n-grams from all cases.
    The answer is the softmax of its margins and of a share of the network's log-probabilities. Both factors have the
    least log-loss on a tenth of the cases that neither saw; of fewer than 200 cases they are constants. Multi-label
    targets and the adapter's ``unit="char"`` have the network alone.

    Ctrl-C during `fit` keeps the best weights so far. Before the first epoch ended the estimator is unchanged.

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
        encoder: Any = None,
        *,
        adapter: Any = None,
        pooling: Any = None,
        head: str | None = None,
        augment: Any = None,
        scaling: str | None = "standard",
        epochs: int | None = None,
        batch_size: int | None = None,
        learning_rate: float | None = None,
        optimizer: Any = "adam",
        validation_fraction: float | None = None,
        validation_by: str | None = None,
        patience: int | None = None,
        class_weight: Any = None,
        n_members: int = 1,
        callbacks: Any = None,
        metrics: Any = None,
        preset: str | None = None,
        random_state: Any = None,
        verbose: int = 0,
    ):
        super().__init__(
            encoder,
            adapter=adapter,
            pooling=pooling,
            head=head,
            augment=augment,
            scaling=scaling,
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=learning_rate,
            optimizer=optimizer,
            validation_fraction=validation_fraction,
            validation_by=validation_by,
            patience=patience,
            n_members=n_members,
            callbacks=callbacks,
            metrics=metrics,
            preset=preset,
            random_state=random_state,
            verbose=verbose,
        )
        self.class_weight = class_weight

    def fit(
        self, X: Any, y: Any = None, sample_weight: Any = None, groups: Any = None, validation_data: Any = None
    ) -> "SeqConvClassifier":
        """Train the network, and return the estimator itself.

        Parameters
        ----------
        X : array, list of arrays, raw records for the adapter, or SequenceSet
        y : array of shape (n_cases,), or (n_cases, n_labels) of 0 and 1, or list of sets of labels
            In a table or a set a case may have any number of labels. Columns of a frame are matched by name.
        sample_weight : array of shape (n_cases,), optional
            A case of weight 0 is ignored.
        groups : array of shape (n_cases,), optional
            Patient, speaker, ticker: no group is in both the training and the validation part.
        validation_data : tuple (X, y) or (X, y, sample_weight), or SequenceSet, optional
            Used in place of a part of X. `class_weight` does not apply to it, the given weights do.

        Raises
        ------
        ValueError
            If X, y, weights, groups or parameters are out of range; the message names the case.
        TypeError
            If X or y hold values of another kind; the message names the case.
        """
        return self._fit(X, y, sample_weight, groups, validation_data)

    def predict_proba(self, X: Any, n_augmentations: int = 0) -> np.ndarray:
        """Predict the probability of each class, rows summing to 1; of each label if multi-label.

        Parameters
        ----------
        X : array, list of arrays, raw records for the adapter, or SequenceSet
        n_augmentations : int, default=0
            Average over this many copies of each case as well, changed by `augment` (test-time augmentation). Layers that
            mix cases are left out. The draws come from `random_state` if that is a number, else from 0.

        Returns
        -------
        array of float64, shape (n_cases, n_classes)

        Raises
        ------
        ValueError
            If X is not as in `fit`; the message names the case.
            If copies are asked for without layers in `augment`; a loaded estimator has none.
        """
        changes = ()
        if n_augmentations != 0:
            from seqconv.training.augmentation import draw_changes  # imports Keras

            changes = draw_changes(self.augment, n_augmentations, self.random_state)
        answers = self._predict_raw(X, changes)
        return answers if self._targets.is_multi_label else answers / answers.sum(axis=1, keepdims=True)

    def predict(self, X: Any) -> np.ndarray:
        """Predict the class of each case, or a 0/1 table by thresholds of 0.5; `metrics.best_thresholds` has others."""
        check_is_fitted(self)
        return self._targets.decode(self.predict_proba(X))

    def score(self, X: Any, y: Any = None, sample_weight: Any = None) -> float:
        """Return the accuracy on X and y, or on a SequenceSet with its own y; if multi-label, of all labels of a case."""
        check_is_fitted(self)
        X, y, _ = unpacked(X, y, None)
        return super().score(X, self._targets.comparable(y, X), sample_weight)

    def __getattr__(self, name):
        if name == "loo_proba_" and "_targets" in vars(self):
            raise AttributeError("loo_proba_ is there after a fit in closed form only and is not saved; fit again.")
        return super().__getattr__(name)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags

    def _new_targets(self):
        return ClassTargets(self.class_weight)

    def _publish(self, left_out=None):
        self.classes_ = self._targets.classes
        if left_out is not None:
            self.loo_proba_ = left_out
