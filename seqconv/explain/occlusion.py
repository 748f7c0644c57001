"""Attribution by occlusion: hide a window of steps and measure how much the prediction changes."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
import numpy as np
from sklearn.utils.validation import check_is_fitted

from seqconv.arguments import whole
from seqconv.data.cases import StoredCases
from seqconv.data.padding import observed_steps
from seqconv.training.prediction import predict_in_batches


@dataclass(frozen=True, repr=False)
class Occlusion:
    """Result of `occlusion`: the drop of the prediction for every hidden window.

    Parameters
    ----------
    drops : array of shape (n_cases, n_windows)
        Prediction on the whole case less that with the window hidden, positive where the window speaks for the target.
        NaN where the window holds no observed step, or does not belong to this case. The last window of each case ends
        with its last observed step.
    starts : array of int, shape (n_windows,)
        First step of each window.
    window : int
        Number of steps hidden at once.
    observed : array of bool, shape (n_cases, n_steps)
        Whether a step is observed.

    Examples
    --------
    >>> found = Occlusion(np.array([[0.5, 0.1]]), np.array([0, 1]), window=1, observed=np.ones((1, 2), bool))
    >>> found
    Occlusion(n_cases=1, n_steps=2, n_windows=2, window=1)
    >>> found.loudest(1)
    [[(0, 1, 0.5)]]
    """

    drops: np.ndarray
    starts: np.ndarray
    window: int
    observed: np.ndarray

    def __repr__(self) -> str:
        n_cases, n_steps = self.observed.shape
        sizes = f"n_cases={n_cases}, n_steps={n_steps}, n_windows={len(self.starts)}"
        return f"Occlusion({sizes}, window={self.window})"

    @property
    def attributions(self) -> np.ndarray:
        """Mean drop of the windows that hide each step, shape (n_cases, n_steps).

        NaN where no window hides the step, or the step is not observed.
        """
        total = np.zeros(self.observed.shape)
        count = np.zeros_like(total)
        for start, drop in zip(self.starts, self.drops.T, strict=True):
            is_known = ~np.isnan(drop)
            total[is_known, start : start + self.window] += drop[is_known, None]
            count[is_known, start : start + self.window] += 1
        return np.divide(total, count, out=np.full_like(total, np.nan), where=(count > 0) & self.observed)

    def loudest(self, n: int = 3) -> list[list[tuple[int, int, float]]]:
        """Return the windows with the largest drops of each case, largest first.

        Parameters
        ----------
        n : int, default=3
            Largest number of windows of a case.

        Returns
        -------
        list of lists of (start, stop, drop)
            Spans of steps that do not overlap, with a drop above 0. There may be fewer than `n`.
        """
        ends = _ends(self.observed)
        return [self._loudest(drops, end, n) for drops, end in zip(self.drops, ends.tolist(), strict=True)]

    def _loudest(self, drops, end, n):
        chosen = []
        for place in np.argsort(np.where(np.isnan(drops), -np.inf, drops))[::-1]:
            start = int(self.starts[place])
            if len(chosen) == n or not drops[place] > 0:
                break
            if all(abs(start - other) >= self.window for other, _, _ in chosen):
                chosen.append((start, min(start + self.window, end), float(drops[place])))
        return chosen


def occlusion(
    estimator: Any, X: Any, window: int = 1, stride: int = 1, target: Any = None, verbose: int = 0
) -> Occlusion:
    """Measure the drop of the prediction when a window of steps is hidden, for every window of every case.

    To hide steps, NaN (or 0, no token) is written into X. The network then treats them as not observed.

    Parameters
    ----------
    estimator : SeqConvClassifier or SeqConvRegressor
        A fitted estimator.
    X : array, list of arrays or raw records
        Cases, as for its ``predict``.
    window : int, default=1
        Number of steps hidden at once.
    stride : int, default=1
        Number of steps from one window to the next. The last window of a case ends with its last observed step.
    target : class label or int, optional
        Class whose probability is explained; for a regressor, the number of the output.
        None takes each case's predicted class, or the regressor's first output.
    verbose : int, default=0
        1 shows a progress bar.

    Returns
    -------
    Occlusion

    Raises
    ------
    TypeError
        If `estimator` is not an estimator of seqconv.
    ValueError
        If `window` or `stride` is below 1.
        If `target` is not a class or output of the estimator.

    Notes
    -----
    In some adapters a step depends on another, as a subword on the one before.
    Such an adapter hides steps by its own method ``hide(X, start, stop)``.

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
        raise TypeError(f"estimator must be a SeqConvClassifier or SeqConvRegressor, got {type(estimator).__name__}.")
    check_is_fitted(estimator)
    window, stride = whole("window", window, 1), whole("stride", stride, 1)
    X = estimator.as_arrays(X)
    observed = observed_steps(X)  # (n_cases, n_steps)
    whole_predictions = _predictions(estimator, X)
    columns = _columns(estimator, whole_predictions, target)
    rows = np.arange(len(X))
    # The last steps of each case are hidden too, for every stride.
    last = np.maximum(0, _ends(observed) - window)
    starts = np.union1d(np.arange(0, last.max(), stride), last)
    drops = np.full((len(X), len(starts)), np.nan)
    hide = getattr(estimator.adapter_, "hide", _hide)
    bar = keras.utils.Progbar(len(starts), verbose=verbose) if verbose else None
    for place, start in enumerate(starts):
        is_own = (start == last) | ((start < last) & (start % stride == 0))
        is_hidden = is_own & observed[:, start : start + window].any(axis=1)
        if is_hidden.any():
            change = partial(hide, start=start, stop=start + window)
            predictions = _predictions(estimator, X[is_hidden], change)
            chosen = columns[is_hidden]
            remaining = predictions[np.arange(len(predictions)), chosen]
            drops[is_hidden, place] = whole_predictions[rows[is_hidden], chosen] - remaining
        if bar is not None:
            bar.update(place + 1)
    return Occlusion(drops, starts, window, observed)


def _ends(observed):
    """Return the step after the last observed one of each case."""
    return observed.shape[1] - observed[:, ::-1].argmax(axis=1)


def _hide(X, start, stop):
    hidden = X.copy()
    hidden[:, start:stop] = 0 if X.dtype.kind == "i" else np.nan
    return hidden


def _predictions(estimator, X, change=None):
    """Return the network's predictions; steps hidden by `change` at the end of a batch are not cut off."""
    cases = StoredCases(X, is_ids=X.dtype.kind == "i")
    return predict_in_batches(estimator.model_, cases, change=change).astype(np.float64)


def _columns(estimator, predictions, target):
    """Return the explained output of each case."""
    classes = getattr(estimator, "classes_", None)
    if target is None:
        return predictions.argmax(axis=1) if classes is not None else np.zeros(len(predictions), dtype=int)
    known = list(range(predictions.shape[1])) if classes is None else classes.tolist()
    if np.ndim(target) or target not in known:
        raise ValueError(f"target must be one of {known}, got {target!r}.")
    return np.full(len(predictions), known.index(target))
