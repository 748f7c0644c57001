"""What classifier and regressor share: from raw records to trained networks and back to answers."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from seqconv.arguments import choice, number, whole
from seqconv.estimators import state
from seqconv.estimators.banks import DRAWN, draw_networks
from seqconv.estimators.packing import packed, unpacked
from seqconv.estimators.parameters import check_parameters
from seqconv.estimators.reading import read_for_prediction

# Keras is imported where a network is drawn: parameters can be wrong before that.
_KERAS_OBJECTS = ("pooling", "optimizer", "augment", "metrics")


class SequenceEstimator(BaseEstimator):
    """Base of the estimators. A subclass says how targets are read.

    Attributes
    ----------
    rules : dict of str to callable
        For each parameter that is a number or a choice, what raises if it is out of range.
    """

    rules: ClassVar[dict[str, Callable[[str, Any], Any]]] = {
        "head": partial(choice, choices=(None, "ridge")),
        "scaling": partial(choice, choices=("standard", "robust", "case", None)),
        "epochs": partial(whole, least=1, optional=True),
        "batch_size": partial(whole, least=1, optional=True),
        "learning_rate": partial(number, above=0, optional=True),
        "validation_fraction": partial(number, least=0, below=1, optional=True),
        "validation_by": partial(choice, choices=(None, "time", "group", "case")),
        "patience": partial(whole, least=1, optional=True),
        "n_members": partial(whole, least=1),
        "preset": partial(choice, choices=(None, "paper")),
        "verbose": partial(choice, choices=(0, 1, False, True)),
    }

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
        n_members: int = 1,
        callbacks: Any = None,
        metrics: Any = None,
        preset: str | None = None,
        random_state: Any = None,
        verbose: int = 0,
    ):
        self.encoder, self.adapter, self.pooling, self.head = encoder, adapter, pooling, head
        self.augment, self.preset = augment, preset
        self.scaling = scaling
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.optimizer = optimizer
        self.validation_fraction, self.validation_by = validation_fraction, validation_by
        self.patience = patience
        self.n_members = n_members
        self.callbacks, self.metrics = callbacks, metrics
        self.random_state = random_state
        self.verbose = verbose

    def set_params(self, **params: Any) -> "SequenceEstimator":
        """Set parameters, also those of the encoder and the adapter (``encoder__filters=64``).

        Raises
        ------
        ValueError
            If a parameter of the encoder or the adapter is set where that is a name or None.
        """
        for part in ("encoder", "adapter", "pooling"):
            nested = [name for name in params if name.startswith(f"{part}__")]
            owner = params.get(part, getattr(self, part))
            if nested and (owner is None or isinstance(owner, str)):
                example = {"adapter": "TextAdapter()", "pooling": "[KMaxPooling1D(2, flatten=True), ...] to search"}
                give = example.get(part) or _encoder_example(owner)
                raise ValueError(
                    f"{nested[0]} needs {'a' if part == 'pooling' else 'an'} {part} object to be set on, got {part}={owner!r}; give {part}={give}."
                )
        return super().set_params(**params)

    def save(self, path: Any) -> None:
        """Write the fitted estimator to one file that `seqconv.load` reads, atomically.

        Parameters
        ----------
        path : str or path
            An old file there stays whole until the new one is.

        Raises
        ------
        ValueError
            If a class is neither ours nor registered with Keras; nothing is written.
        OSError
            If the file cannot be written; an old file there is unchanged.
        """
        check_is_fitted(self)
        from seqconv.estimators.writing import save

        save(self, path)

    def get_state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Return what `fit` learnt: values by name, and the arrays of the networks and of the adapter by name."""
        check_is_fitted(self)
        return state.describe(self)

    def set_state(self, described: dict[str, Any], arrays: dict[str, np.ndarray]) -> "SequenceEstimator":
        """Restore what `get_state` returned, also from an untrusted file.

        Raises
        ------
        ValueError
            If no fit could have learnt this.
        """
        state.restore(self, described, arrays)
        return self

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.input_tags.allow_nan = True
        tags.input_tags.string = self.adapter is not None
        return tags

    def __getattr__(self, name):
        if name in DRAWN and "_banks" in vars(self):
            draw_networks(self)
            return vars(self)[name]
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __getstate__(self):
        values = super().__getstate__().copy()
        if "_banks" in values:  # their networks can be drawn again
            values = {name: value for name, value in values.items() if name not in DRAWN}
        if "members_" in values:
            # As arrays, because Keras writes the time of day into a pickled network.
            values["members_"] = state.weights(self)
            del values["model_"], values["_wide"]
        return values | {name: packed(values[name]) for name in _KERAS_OBJECTS}

    def __setstate__(self, values):
        super().__setstate__(values | {name: unpacked(values[name]) for name in _KERAS_OBJECTS})
        if "members_" in values:
            state.redraw(self, values["members_"])

    def _fit(self, X, y, sample_weight, groups, validation_data):
        check_parameters(self)  # before Keras is imported
        from seqconv.estimators.fitting import fit

        before = vars(self).copy()
        try:
            interrupted = fit(self, X, y, sample_weight, groups, validation_data)
        except BaseException as error:
            vars(self).clear()
            vars(self).update(before)
            if isinstance(error, KeyboardInterrupt):
                what = "fit was interrupted before the first epoch ended; the estimator is unchanged."
                raise KeyboardInterrupt(what) from error
            raise
        vars(self).update((name, before[name]) for name in self.get_params(deep=False))  # `preset` sets some
        if interrupted:
            raise KeyboardInterrupt(
                f"fit was interrupted; the estimator holds {len(self.members_)} member(s), each at its best epoch."
            )
        return self

    def _publish(self, left_out=None):
        """Set fitted attributes that repeat what the targets learnt, and the leave-one-out answers if there are any."""

    def as_arrays(self, X: Any) -> np.ndarray:
        """Return X as the network takes it.

        Parameters
        ----------
        X : array, list of arrays or raw records
            As for `predict`.

        Returns
        -------
        array
            float32 ``(cases, steps, channels)`` with NaN where nothing was observed, or int32 ids
            ``(cases, steps[, pieces])``.
        """
        cases, found = read_for_prediction(self, X)
        return cases.take(np.arange(len(cases)), found.n_steps)

    def predict_windows(
        self, recording: Any, n_steps: int, stride: int | None = None, sampling_rate_hz: float | None = None
    ) -> Any:
        """Answer over the time of one recording that is longer than a case.

        Parameters
        ----------
        recording : array of shape (n_steps,) or (n_steps, n_channels), data frame or Recording
        n_steps, stride : int
            Steps of a window, and from one window to the next; None is half a window.
        sampling_rate_hz : float, optional
            Steps a second. A `Recording` has its own.

        Returns
        -------
        DataFrame
            Mean answer of the windows at each step, NaN in gaps, a column a class. The index is seconds, dates or steps.

        Raises
        ------
        ValueError
            If the recording is not as in `fit`, or if there is an adapter, whose `cases` cut recordings.

        Examples
        --------
        >>> from seqconv import SeqConvClassifier
        >>> X, y = np.tile([[0.0], [1.0]], (20, 30)), ["low", "high"] * 20
        >>> SeqConvClassifier("mini_rocket").fit(X, y).predict_windows(np.r_[X[0], X[1]], 30).shape
        (60, 2)
        """
        from seqconv.estimators.over_time import answers_over_time  # imports pandas

        return answers_over_time(self, recording, n_steps, stride, sampling_rate_hz)

    def _predict_raw(self, X, changes=()):
        """Answers of the network, float64 (cases, outputs): the mean over X and each change of it."""
        from seqconv.estimators.answers import answer

        return answer(self, *read_for_prediction(self, X), changes)


def _encoder_example(name):
    from seqconv import encoders

    return f"{type(encoders.get(name or 'bank')).__name__}()"
