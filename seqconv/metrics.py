"""Figures for decisions: by class, of ordered grades, of rankings, with an interval, and after the costs of trading."""

import warnings
from dataclasses import dataclass

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    cohen_kappa_score,
    matthews_corrcoef,
    precision_recall_fscore_support,
    roc_auc_score,
)
from sklearn.utils.validation import check_consistent_length, column_or_1d


@dataclass(frozen=True, eq=False)
class ClassReport:
    """Figures of each class and of all classes together; as text, a table.

    Parameters
    ----------
    classes : array of shape (n_classes,)
    by_class : dict of str to array of shape (n_classes,)
    overall : dict of str to float

    Examples
    --------
    >>> print(ClassReport(np.array(["ham", "spam"]), {"f1": np.array([0.5, np.nan])}, {"accuracy": 0.5}))
                f1
    ham     0.5000
    spam       nan
    accuracy 0.5000
    """

    classes: np.ndarray
    by_class: dict
    overall: dict

    def __str__(self):
        names = [str(name) for name in self.classes]
        first = max(map(len, names))
        widths = [max(10, len(name) + 2) for name in self.by_class]
        rows = [" " * first + "".join(f"{name:>{width}}" for name, width in zip(self.by_class, widths, strict=True))]
        for name, *values in zip(names, *self.by_class.values(), strict=True):
            figures = zip(values, widths, strict=True)
            rows.append(f"{name:<{first}}" + "".join(f"{_figure(value):>{width}}" for value, width in figures))
        rows.append("   ".join(f"{name} {_figure(value)}" for name, value in self.overall.items()))
        return "\n".join(rows)


def class_report(y, predicted, classes=None):
    """How well each class is found, and what a verdict for it is worth.

    Parameters
    ----------
    y, predicted : array of shape (n_cases,)
        True and predicted class of each case.
    classes : array of shape (n_classes,), optional
        The classes in the order of the table; None takes those of `y` and `predicted`, sorted.

    Returns
    -------
    ClassReport
        By class ``sensitivity`` (recall), ``positive_predictive_value`` (precision), ``f1`` and ``support`` (cases of the
        class). Overall ``accuracy``, ``macro_f1`` (the mean over the classes that occur in `y` or `predicted`) and
        ``matthews_correlation`` (0 where `y` or `predicted` is one class alone, as scikit-learn has it).

    Raises
    ------
    ValueError
        No cases, unequal lengths, or a label that is none of the classes; the message names the case.

    Warns
    -----
    UndefinedMetricWarning
        A figure would be 0 / 0 and is NaN: the sensitivity of a class without cases, the predictive value of one that
        is never predicted, the F1 of one that is neither.

    Examples
    --------
    >>> report = class_report(["N", "N", "N", "V"], ["N", "N", "V", "V"])
    >>> print(report)
       sensitivity  positive_predictive_value        f1   support
    N       0.6667                     1.0000    0.8000         3
    V       1.0000                     0.5000    0.6667         1
    accuracy 0.7500   macro_f1 0.7333   matthews_correlation 0.5774
    >>> report.by_class["sensitivity"][1]
    np.float64(1.0)
    """
    y, predicted = _labels(y, "y"), _labels(predicted, "predicted")
    check_consistent_length(y, predicted)
    classes = _classes(y, predicted) if classes is None else _labels(classes, "classes")
    _places(y, classes, "y")
    _places(predicted, classes, "predicted")
    value, sensitivity, f1, support = precision_recall_fscore_support(
        y, predicted, labels=classes, zero_division=np.nan
    )
    by_class = {"sensitivity": sensitivity, "positive_predictive_value": value, "f1": f1, "support": support}
    _warn_of_nan(by_class, classes)
    overall = {"accuracy": accuracy_score(y, predicted), "macro_f1": np.nanmean(f1)}
    overall["matthews_correlation"] = matthews_corrcoef(y, predicted)
    return ClassReport(classes, by_class, {name: float(figure) for name, figure in overall.items()})


def ranking_report(y, probabilities, classes):
    """How well the probability of each class ranks its cases before all others: needs no threshold.

    Parameters
    ----------
    y : array of shape (n_cases,)
        True class of each case.
    probabilities : array of shape (n_cases, n_classes)
        As of ``predict_proba``, or any finite scores.
    classes : array of shape (n_classes,)
        Class of each column: ``classes_`` of the estimator.

    Returns
    -------
    ClassReport
        By class ``roc_auc`` and ``average_precision`` (the area under the precision-recall curve), one class against the
        rest, and ``support``. Overall their means, ``macro_roc_auc`` and ``macro_average_precision``.

    Raises
    ------
    ValueError
        No cases, shapes that do not fit, a score that is not finite, or a label that is none of the classes; the message
        names the case.

    Warns
    -----
    UndefinedMetricWarning
        A class has no case, or all of them: its figures and the macro figures are NaN. A mean over the other classes
        would look like one over all.

    Examples
    --------
    >>> print(ranking_report(["N", "V", "N"], [[0.9, 0.1], [0.4, 0.6], [0.3, 0.7]], ["N", "V"]))
         roc_auc  average_precision   support
    N     0.5000             0.8333         2
    V     0.5000             0.5000         1
    macro_roc_auc 0.5000   macro_average_precision 0.6667
    """
    y, classes = _labels(y, "y"), _labels(classes, "classes")
    scores = np.asarray(probabilities, dtype=np.float64)
    if scores.shape != (len(y), len(classes)):
        raise ValueError(f"probabilities must have shape {(len(y), len(classes))}, got {scores.shape}.")
    finite = np.isfinite(scores).all(axis=1)
    if not finite.all():
        raise ValueError(f"probabilities must be finite, those of case {int(np.argmin(finite))} are not.")
    is_class = _places(y, classes, "y")[:, None] == np.arange(len(classes))  # (n_cases, n_classes)
    support = is_class.sum(axis=0)
    by_class = {
        "roc_auc": _against_rest(roc_auc_score, is_class, scores),
        "average_precision": _against_rest(average_precision_score, is_class, scores),
    }
    _warn_of_nan(by_class, classes)
    overall = {f"macro_{name}": float(figures.mean()) for name, figures in by_class.items()}
    return ClassReport(classes, by_class | {"support": support}, overall)


def quadratic_weighted_kappa(y, predicted, classes):
    """Agreement on ordered grades beyond chance; an error of two grades weighs four times that of one.

    Parameters
    ----------
    y, predicted : array of shape (n_cases,)
        True and predicted grade of each case.
    classes : array of shape (n_classes,)
        All grades in their order, also those that do not occur.

    Returns
    -------
    float
        1 where all agree, 0 for what chance gives, negative for worse.

    Raises
    ------
    ValueError
        No cases, unequal lengths, fewer than two grades, or a label that is none of them; the message names the case.

    Warns
    -----
    UndefinedMetricWarning
        `y` and `predicted` are one and the same grade throughout, so that chance agrees wholly too: the answer is NaN.

    References
    ----------
    Cohen (1968), "Weighted kappa", Psychological Bulletin 70(4).

    Examples
    --------
    >>> round(quadratic_weighted_kappa([0, 1, 2, 2], [0, 1, 1, 2], classes=[0, 1, 2]), 4)
    0.8
    """
    y, predicted, classes = _labels(y, "y"), _labels(predicted, "predicted"), _labels(classes, "classes")
    check_consistent_length(y, predicted)
    if len(classes) < 2:
        raise ValueError(f"classes must name at least 2 grades in their order, got {len(classes)}.")
    places = np.concatenate([_places(y, classes, "y"), _places(predicted, classes, "predicted")])
    if (places == places[0]).all():
        _warn(f"the kappa is NaN: all cases are {classes[places[0]]} and predicted so, as chance would have it.")
        return np.nan
    return float(cohen_kappa_score(*np.split(places, 2), labels=np.arange(len(classes)), weights="quadratic"))


def bootstrap_interval(statistic, *arrays, blocks=None, n_resamples=1000, level=0.95, random_state=None):
    """Percentile interval of a figure: how far it moves when the cases are drawn anew.

    Parameters
    ----------
    statistic : callable
        Takes the arrays, resampled alike, and gives a number, such as scikit-learn's ``matthews_corrcoef``.
    *arrays : array of shape (n_cases, ...)
        What `statistic` takes, such as true and predicted classes.
    blocks : array of shape (n_cases,), optional
        Cases of one day or one patient are not independent: those of equal label are drawn together. None draws single
        cases.
    n_resamples : int, default=1000
    level : float, default=0.95
        Share of the resamples within the interval, between 0 and 1.
    random_state : int, optional
        Seed; the global random state is neither read nor changed.

    Returns
    -------
    low, high : float
        NaN where the figure is undefined in every resample.

    Raises
    ------
    ValueError
        No arrays, unequal lengths, fewer than 2 cases or blocks, or a number out of its range. What `statistic` raises
        is passed on.

    Warns
    -----
    UndefinedMetricWarning
        Resamples in which `statistic` is NaN, for instance because a rare class was not drawn, are left out, and so
        many: the interval is then that of the resamples in which the figure exists, narrower than the truth. Figures
        that scikit-learn defines for one class alone (a Matthews correlation of 0) count as they are.

    References
    ----------
    Efron and Tibshirani (1993), "An Introduction to the Bootstrap", chapter 13.

    Examples
    --------
    >>> from sklearn.metrics import accuracy_score
    >>> y, predicted = np.zeros(100), np.arange(100) < 20
    >>> low, high = bootstrap_interval(accuracy_score, y, predicted, random_state=0)
    >>> round(float(low), 2), round(float(high), 2)
    (0.72, 0.88)
    """
    arrays = [np.asarray(array) for array in arrays]
    if not arrays:
        raise ValueError("at least one array of cases is required, got none.")
    if n_resamples < 1 or not 0 < level < 1:
        raise ValueError(f"n_resamples must be at least 1 and level between 0 and 1, got {n_resamples} and {level}.")
    blocks = np.arange(len(arrays[0])) if blocks is None else column_or_1d(blocks)
    check_consistent_length(*arrays, blocks)
    _, block_of, sizes = np.unique(blocks, return_inverse=True, return_counts=True)
    if len(sizes) < 2:
        raise ValueError(f"at least 2 cases or blocks are required to draw from, got {len(sizes)}.")
    rows_of = np.split(np.argsort(block_of, kind="stable"), np.cumsum(sizes)[:-1])
    draw = np.random.default_rng(random_state)
    found = np.empty(n_resamples)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)  # told once, below
        for number in range(n_resamples):
            rows = np.concatenate([rows_of[block] for block in draw.integers(len(sizes), size=len(sizes))])
            found[number] = statistic(*(array[rows] for array in arrays))
    n_undefined = int(np.isnan(found).sum())
    if n_undefined:
        _warn(f"{n_undefined} of {n_resamples} resamples are left out: the figure is undefined (NaN) in them.")
    if n_undefined == n_resamples:
        return np.nan, np.nan
    low, high = np.nanquantile(found, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def long_short_returns(positions, returns, dates, tickers, cost_bp=0.0, *, ends=None):
    """What a naive rule earns a day: each ticker has an equal, fixed share of the capital, held long, short or not.

    Parameters
    ----------
    positions : array of shape (n_cases,)
        1 long, -1 short, 0 none, held from the case's date to the next date; fractions are allowed.
    returns : array of shape (n_cases,)
        Simple return of the ticker over that time, from the date to the next: 0.01 is one per cent.
    dates, tickers : array of shape (n_cases,)
        Of each case, in any order; a ticker has one case a date.
    cost_bp : float, default=0.0
        Cost of trading in basis points (0.0001) of the value traded: opening a position trades 1, turning it round 2.
    ends : array of shape (n_cases,), optional
        Date up to which each return is counted, ``about["label_stop"]`` of ``PriceAdapter.cases``: give it, so that returns
        over several days that would overlap are found.

    Returns
    -------
    days : array of shape (n_days,)
        The dates, ascending.
    net : array of shape (n_days,)
        Mean over all tickers of position times return, less the cost of what was traded at that date. Opening the first
        positions and closing the last are paid for, the latter on the last day.

    Raises
    ------
    ValueError
        Unequal lengths, a value that is not finite, a ticker twice on one date, a return that ends before its date or after
        the ticker's next one, or a negative cost; the message names the case.

    Notes
    -----
    A ticker without a case on a date is sold for it, and pays for that. Give every case of the time tested, also those
    that a dead zone leaves without a label: which they are is known only afterwards. Returns over several bars count one
    move several times unless the cases lie as many apart (``stride_bars`` of the adapter). The interval of a mean: ``bootstrap_interval(np.mean, net)``, each day a case.

    Examples
    --------
    >>> days, net = long_short_returns([1, -1, 1], [0.01, -0.02, 0.03], [1, 1, 2], ["A", "B", "A"], cost_bp=10)
    >>> days, net  # day 1: two positions opened; day 2: B is closed, A too at the end
    (array([1, 2]), array([0.014, 0.014]))
    """
    positions, returns = _numbers(positions, "positions"), _numbers(returns, "returns")
    check_consistent_length(positions, returns, dates, tickers)
    if not 0 <= cost_bp < np.inf:
        raise ValueError(f"cost_bp must be 0 or more basis points, got {cost_bp}.")
    days, day_of = np.unique(column_or_1d(dates), return_inverse=True)
    names, ticker_of = np.unique(column_or_1d(tickers), return_inverse=True)
    place = day_of * len(names) + ticker_of
    _, first = np.unique(place, return_index=True)
    if len(first) < len(place):
        case = int(np.setdiff1d(np.arange(len(place)), first)[0])
        raise ValueError(f"a ticker must have one case a date, case {case} is the second of {names[ticker_of[case]]}.")
    if ends is not None:
        _check_holds(day_of, ticker_of, days, column_or_1d(ends))
    held, gross = np.zeros((2, len(days), len(names)))
    held[day_of, ticker_of], gross[day_of, ticker_of] = positions, positions * returns
    traded = np.abs(np.diff(held, axis=0, prepend=0)).mean(axis=1)  # (n_days,)
    traded[-1] += np.abs(held[-1]).mean()
    return days, gross.mean(axis=1) - cost_bp / 10_000 * traded


def _check_holds(day_of, ticker_of, days, ends):
    """Refuse a position that is still held when that of the ticker's next date begins."""
    check_consistent_length(day_of, ends)
    order = np.lexsort((day_of, ticker_of))
    is_next = np.diff(ticker_of[order]) == 0
    starts, ends_in_order = days[day_of[order]], ends[order]
    bad = ~(ends_in_order >= starts)  # a missing date compares as False
    bad[:-1] |= is_next & (ends_in_order[:-1] > starts[1:])
    if bad.any():
        case = int(order[bad.argmax()])
        raise ValueError(
            f"each return must end from its date up to the ticker's next one, that of case {case} is from "
            f"{days[day_of[case]]} to {ends[case]}; cut cases with stride_bars as long as the horizon of the label."
        )


def _numbers(values, name):
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 1 or values.size == 0:
        raise ValueError(f"{name} must be one number a case for at least one case, got shape {values.shape}.")
    finite = np.isfinite(values)
    if not finite.all():
        case = int(np.argmin(finite))
        raise ValueError(f"{name} must be finite, got {values[case]} in case {case}.")
    return values


def _against_rest(score, is_class, scores):
    """A figure of each column, NaN where the column has one class alone."""
    columns = zip(is_class.T, scores.T, strict=True)
    return np.array([score(one, column) if 0 < one.sum() < len(one) else np.nan for one, column in columns])


def _labels(labels, name):
    """The labels as a column; none of them missing."""
    labels = column_or_1d(labels)
    for case, label in enumerate(labels.tolist() if labels.dtype.kind in "fO" else ()):
        if label is None or (isinstance(label, float) and np.isnan(label)):
            raise ValueError(f"{name} must have no missing label, got {label!r} in case {case}; leave it out.")
    return labels


def _classes(y, predicted):
    """All labels, sorted."""
    try:
        return np.unique(np.concatenate([y, predicted]))
    except TypeError as error:
        raise ValueError(f"labels must be of one kind, names or numbers ({error}).") from error


def _places(labels, classes, name):
    """Place of each label among the classes."""
    if len(labels) == 0:
        raise ValueError(f"{name} must have at least one case, got none.")
    place_of = {label: place for place, label in enumerate(classes.tolist())}
    if len(place_of) < len(classes):
        raise ValueError(f"classes must be distinct, got {classes.tolist()}.")
    for case, label in enumerate(labels.tolist()):
        if label not in place_of:
            raise ValueError(f"{name} must have the classes {classes.tolist()}, got {label!r} in case {case}.")
    return np.array([place_of[label] for label in labels.tolist()])


def _warn_of_nan(by_class, classes):
    undefined = {name: [str(label) for label in classes[np.isnan(found)]] for name, found in by_class.items()}
    told = "; ".join(f"{name} of {', '.join(labels)}" for name, labels in undefined.items() if labels)
    if told:
        _warn(f"nothing to count, so NaN: {told}.", stacklevel=4)


def _warn(message, stacklevel=3):
    warnings.warn(message, UndefinedMetricWarning, stacklevel=stacklevel)


def _figure(value):
    return f"{value:.4f}" if isinstance(value, float) else str(value)
