"""Labels as a classifier reads, encodes, weights and predicts them."""

from reprlib import repr as shown
from typing import Any

import numpy as np
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_consistent_length, column_or_1d

from seqconv.data.arrays import as_numpy
from seqconv.data.case_errors import case_error
from seqconv.data.checking import is_missing
from seqconv.data.label_spellings import warn_of_spellings


class ClassTargets:
    """Class labels, or tables of labels of which a case may have any number.

    Parameters
    ----------
    class_weight : dict, "balanced" or None

    Attributes
    ----------
    classes : array
        Labels in the order of the outputs.
    is_multi_label : bool
    """

    loss_layer = "head"

    def __init__(self, class_weight: Any = None):
        self.class_weight = class_weight

    @property
    def n_outputs(self) -> int:
        """Number of classes or labels."""
        return len(self.classes)

    @property
    def activation(self) -> str:
        """Activation of the head."""
        return "sigmoid" if self.is_multi_label else "softmax"

    @property
    def loss(self) -> str:
        """Name of the loss in `keras.losses`."""
        return "BinaryCrossentropy" if self.is_multi_label else "CategoricalCrossentropy"

    @property
    def accuracy(self) -> str:
        """Name of the metric in `keras.metrics`."""
        return "BinaryAccuracy" if self.is_multi_label else "CategoricalAccuracy"

    def learn(self, y: Any, X: Any) -> np.ndarray:
        """Learn the classes of y and return it encoded, as `encode` does.

        Raises
        ------
        ValueError
            If y is None, has a missing label, mixes strings and numbers, or has one class only.
            If y is neither one label a case nor a table of 0 and 1.
        """
        if y is None:
            raise ValueError("SeqConvClassifier requires y to be passed, but the target y is None.")
        y = _checked_labels(y)
        check_consistent_length(X, y)
        check_classification_targets(y)
        kind = type_of_target(y, input_name="y")
        if kind not in ("binary", "multiclass", "multilabel-indicator"):
            raise ValueError(f"y must be one label a case or a 0/1 table of labels, got {kind} targets.")
        self.is_multi_label = kind == "multilabel-indicator"
        if self.is_multi_label:
            self.classes = np.arange(np.shape(y)[1])
        else:
            self.classes = np.unique(_column(y))
            if len(self.classes) < 2:
                raise ValueError(f"y must have at least 2 classes, got only one class: {self.classes.tolist()[0]!r}.")
            if self.classes.dtype.kind in "OUT":
                warn_of_spellings(_column(y).tolist(), "Each is a class of its own; write them alike.", stacklevel=5)
        return self.encode(y, X, "y")

    def encode(self, y: Any, X: Any, name: str) -> np.ndarray:
        """Return one-hot classes or a 0/1 table of labels, float32 (cases, outputs).

        Parameters
        ----------
        y : array of labels
        X : object
            Cases, whose number must be that of y.
        name : str
            Name of y, for messages.

        Raises
        ------
        ValueError
            If a label is missing or unknown.
        """
        y = _checked_labels(y)
        check_consistent_length(X, y)
        return self._encode_table(y, name) if self.is_multi_label else self._encode_classes(_column(y), name)

    def _encode_table(self, y, name):
        y = np.asarray(y.toarray() if hasattr(y, "toarray") else y)
        if y.ndim != 2 or y.shape[1] != len(self.classes):
            raise ValueError(f"{name} must have {len(self.classes)} labels a case, got shape {y.shape}.")
        odd = ~np.isin(y, (0, 1)).all(axis=1)
        if odd.any():
            case = int(odd.argmax())
            raise case_error(
                ValueError, case, f"{name} must be 0 or 1 for each label, got {y[case].tolist()} in {{case}}."
            )
        return y.astype(np.float32)

    def _encode_classes(self, y, name):
        classes = self.classes.tolist()
        # NumPy would compare a number with a string by its text.
        is_other_kind = isinstance(y.tolist()[0], str) != isinstance(classes[0], str)
        unknown = np.ones(len(y), bool) if is_other_kind else ~np.isin(y, self.classes)
        if unknown.any():
            case = int(unknown.argmax())
            got = repr(y.tolist()[case]).replace("{case}", "{ case }")
            raise case_error(ValueError, case, f"{name} must have the classes {shown(classes)}, got {got} in {{case}}.")
        return np.eye(len(classes), dtype=np.float32)[np.searchsorted(self.classes, y)]

    def weigh(self, encoded: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Return the weights of cases times those of their classes.

        Raises
        ------
        ValueError
            If fewer than 2 classes have a weight above 0, or if `class_weight` does not fit the classes.
        """
        if not self.is_multi_label and not (weight @ encoded).astype(bool).sum() > 1:
            raise ValueError("sample_weight must leave at least 2 classes with a weight above 0, got one class.")
        if self.class_weight is None:
            return weight
        if self.is_multi_label:
            raise ValueError("class_weight needs one label a case; give sample_weight for multi-label targets.")
        labels = self.classes[encoded.argmax(axis=1)]
        counted = labels[weight > 0]
        present = np.unique(counted)
        by_class = np.zeros(len(self.classes))
        by_class[np.isin(self.classes, present)] = compute_class_weight(self.class_weight, classes=present, y=counted)
        if not (np.isfinite(by_class).all() and (by_class >= 0).all() and by_class.any()):
            raise ValueError(
                f"class_weight must be finite, 0 or more, and above 0 for a class, got {self.class_weight}."
            )
        return weight * (by_class / by_class.max())[encoded.argmax(axis=1)]

    def strata(self, encoded: np.ndarray) -> np.ndarray | None:
        """Return the class of each case, for a split in proportion; None where there are any number of labels."""
        return None if self.is_multi_label else encoded.argmax(axis=1)

    def missing(self, encoded: np.ndarray) -> Any:
        """Return a class that no case has, or None."""
        is_missing_class = ~encoded.any(axis=0)
        if self.is_multi_label or not is_missing_class.any():
            return None
        return self.classes.tolist()[is_missing_class.argmax()]

    def learn_scale(self, encoded: np.ndarray, weight: np.ndarray) -> None:
        """Learn nothing: classes have no scale."""

    def scaled(self, encoded: np.ndarray) -> np.ndarray:
        """Return the targets as the loss takes them."""
        return encoded

    def decode(self, answers: np.ndarray) -> np.ndarray:
        """Return the predicted class of each case, or a 0/1 table of labels."""
        if self.is_multi_label:
            return (answers > 0.5).astype(int)
        return self.classes[answers.argmax(axis=1)]

    def get_state(self) -> dict[str, Any]:
        """Return what was learnt, as plain values."""
        return {"classes": self.classes, "is_multi_label": self.is_multi_label}

    def set_state(self, state: Any) -> "ClassTargets":
        """Restore what `get_state` returned, from an untrusted file.

        Raises
        ------
        ValueError
            If no fit could have learnt this.
        """
        if type(state) is not dict or set(state) != {"classes", "is_multi_label"}:
            raise ValueError(f"the state of the targets must be classes and is_multi_label, got {shown(state)}.")
        classes, is_multi_label = state["classes"], state["is_multi_label"]
        if type(is_multi_label) is not bool or type(classes) is not np.ndarray:
            raise ValueError(f"classes must be an array and is_multi_label True or False, got {shown(state)}.")
        expected = np.arange(len(classes)) if is_multi_label else np.unique(classes)
        if len(classes) < (1 if is_multi_label else 2) or classes.tolist() != expected.tolist():
            raise ValueError(f"classes must be different, in ascending order, got {shown(classes.tolist())}.")
        self.classes, self.is_multi_label = classes, is_multi_label
        return self


def _column(y):
    """Labels as one column."""
    return column_or_1d(np.asarray(y), warn=True)


def _checked_labels(y):
    """Return y as NumPy takes it; raise on a missing label, and on strings among numbers."""
    if isinstance(y, dict):
        raise TypeError("y must be an array or a list of labels, got a dict.")
    if hasattr(y, "detach"):  # a tensor of PyTorch
        y = as_numpy(y)
    if hasattr(y, "toarray") or not hasattr(y, "__len__"):  # sparse labels; a scalar, which scikit-learn rejects
        return y
    if len(y) == 0:
        raise ValueError("y must have a label for each case, got no label.")
    rows = y.tolist() if isinstance(y, np.ndarray) else list(getattr(y, "values", y))
    missing = [is_missing(row) for row in rows]
    if any(missing):
        message = "y must have a label for each case, got NaN or None in {case}."
        raise case_error(ValueError, missing.index(True), message)
    if any(np.ndim(row) for row in rows):
        return y
    if len({isinstance(row, str) for row in rows}) > 1:
        raise ValueError("y must be all strings or all numbers, got a mix of both.")
    return np.array(rows) if getattr(getattr(y, "dtype", None), "kind", "") in ("O", "T") else y
