"""Hide a span of steps and see how much of the answer goes with it."""

import numbers
from dataclasses import dataclass
from functools import partial

import keras
import numpy as np
from sklearn.utils.validation import check_is_fitted

from seqconv.data.cases import StoredCases
from seqconv.data.padding import observed_steps
from seqconv.estimators.batches import predict_in_batches


@dataclass(frozen=True)
class Occlusion:
    """What `occlusion` found.

    Parameters
    ----------
    drops : array of shape (n_cases, n_windows)
        Answer on the whole case less that with the window hidden: positive where the window spoke for the target. NaN
        where the window holds no observed step, or is none of this case: the last of each ends with its own last step.
    starts : array of int, shape (n_windows,)
        First step of each window.
    window : int
        Steps hidden at once.
    observed : array of bool, shape (n_cases, n_steps)
        Which steps hold anything.
    """

    drops: np.ndarray
    starts: np.ndarray
    window: int
    observed: np.ndarray

    @property
    def attributions(self):
        """Mean drop of the windows that hide a step, shape (n_cases, n_steps); NaN where none does or nothing is observed."""
        total = np.zeros(self.observed.shape)
        count = np.zeros_like(total)
        for start, drop in zip(self.starts, self.drops.T, strict=True):
            seen = ~np.isnan(drop)
            total[seen, start : start + self.window] += drop[seen, None]
            count[seen, start : start + self.window] += 1
        return np.divide(total, count, out=np.full_like(total, np.nan), where=(count > 0) & self.observed)

    def loudest(self, n=3):
        """The windows of largest drop of each case, loudest first.

        Returns
        -------
        list of lists of (start, stop, drop)
            Spans of steps that do not overlap; fewer than `n` where fewer have a drop above 0.
        """
        ends = _ends(self.observed)
        return [self._loudest(drops, end, n) for drops, end in zip(self.drops, ends.tolist(), strict=True)]

    def _loudest(self, drops, end, n):
        chosen = []
        for number in np.argsort(np.where(np.isnan(drops), -np.inf, drops))[::-1]:
            start = int(self.starts[number])
            if len(chosen) == n or not drops[number] > 0:
                break
            if all(abs(start - other) >= self.window for other, _, _ in chosen):
                chosen.append((start, min(start + self.window, end), float(drops[number])))
        return chosen


def occlusion(estimator, X, window=1, stride=1, target=None, verbose=0):
    """How much of the answer goes when a window of steps is hidden, for every window of every case.

    To hide is to write NaN (no token, for token ids) into X: the network then takes the steps as not observed. An adapter
    whose steps speak of one another, as a subword does of the one before, hides them itself by ``hide(X, start, stop)``.

    Parameters
    ----------
    estimator : SeqConvClassifier or SeqConvRegressor
        Fitted.
    X : array, list of arrays or raw records
        As for its ``predict``.
    window, stride : int, default=1
        Steps hidden at once, and from one window to the next; the last window of a case ends with its last observed step.
    target : class label or int, optional
        The class (of a regressor: the number of the output) whose answer is watched. None is each case's predicted class,
        and a regressor's first output.
    verbose : int, default=0
        1 shows a bar with the time left.

    Returns
    -------
    Occlusion

    Raises
    ------
    ValueError
        A window or stride below 1, or a class that the estimator does not know.

    References
    ----------
    Zeiler and Fergus (2014), "Visualizing and understanding convolutional networks", section 4.2.

    Examples
    --------
    >>> from seqconv import SeqConvClassifier
    >>> from seqconv.datasets import make_series
    >>> from seqconv.encoders import FCN
    >>> series = make_series(n_cases=40, n_steps=20, random_state=0)
    >>> classifier = SeqConvClassifier(FCN(filters=(4, 4, 4)), epochs=1).fit(series.X, series.y)
    >>> occlusion(classifier, series.X[:2], window=5).attributions.shape
    (2, 20)
    """
    if not hasattr(estimator, "as_arrays"):
        raise TypeError(f"occlusion needs a SeqConvClassifier or SeqConvRegressor, got {type(estimator).__name__}.")
    check_is_fitted(estimator)
    for name, value in (("window", window), ("stride", stride)):
        if not isinstance(value, numbers.Integral) or value < 1:
            raise ValueError(f"{name} must be a whole number of steps, at least 1, got {value!r}.")
    X = estimator.as_arrays(X)
    real = observed_steps(X)
    answers = _answers(estimator, X)
    columns = _columns(estimator, answers, target)
    rows = np.arange(len(X))
    last = np.maximum(0, _ends(real) - window)  # each case's last steps too, whatever the stride
    starts = np.union1d(np.arange(0, last.max(), stride), last)
    drops = np.full((len(X), len(starts)), np.nan)
    hide = getattr(estimator.adapter_, "hide", _hide)
    bar = keras.utils.Progbar(len(starts), verbose=verbose) if verbose else None
    for number, start in enumerate(starts):
        is_own = (start == last) | ((start < last) & (start % stride == 0))
        touched = is_own & real[:, start : start + window].any(axis=1)
        if touched.any():
            left = _answers(estimator, X[touched], partial(hide, start=start, stop=start + window))
            chosen = columns[touched]
            drops[touched, number] = answers[rows[touched], chosen] - left[np.arange(len(left)), chosen]
        if bar is not None:
            bar.update(number + 1)
    return Occlusion(drops, starts, window, real)


def _ends(observed):
    """The step behind the last observed one of each case."""
    return observed.shape[1] - observed[:, ::-1].argmax(axis=1)


def _hide(X, start, stop):
    hidden = X.copy()
    hidden[:, start:stop] = 0 if X.dtype.kind == "i" else np.nan
    return hidden


def _answers(estimator, X, change=None):
    """What the network answers; steps that `change` hides at the end of a batch are not cut off."""
    cases = StoredCases(X, is_ids=X.dtype.kind == "i")
    return predict_in_batches(estimator.model_, cases, change=change).astype(np.float64)


def _columns(estimator, answers, target):
    """Which output is watched, for each case."""
    classes = getattr(estimator, "classes_", None)
    if target is None:
        return answers.argmax(axis=1) if classes is not None else np.zeros(len(answers), dtype=int)
    known = list(range(answers.shape[1])) if classes is None else classes.tolist()
    if np.ndim(target) or target not in known:
        raise ValueError(f"target must be one of {known}, got {target!r}.")
    return np.full(len(answers), known.index(target))
