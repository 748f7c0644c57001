"""Labels as a classifier reads, encodes, weights and predicts them."""

import warnings
from reprlib import repr as shown
from typing import Any

import numpy as np
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.validation import check_consistent_length

from seqconv.data.case_errors import case_error
from seqconv.data.label_spellings import warn_of_spellings
from seqconv.data.label_tables import label_names, label_table
from seqconv.estimators.label_checks import as_column, checked_labels, checked_names, kind_of


class ClassTargets:
    """Class labels, or tables of labels of which a case may have any number.

    Parameters
    ----------
    class_weight : dict, "balanced" or None

    Attributes
    ----------
    classes : array
        Labels in the order of the outputs: of a table the names of its columns, or their numbers if it has no names.
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
            If y is neither one label a case, nor sets of labels, nor a table of 0 and 1.
        """
        if y is None:
            raise ValueError("SeqConvClassifier requires y to be passed, but the target y is None.")
        y = checked_labels(y)
        check_consistent_length(X, y)
        names = label_names(y)
        kind = "multilabel-indicator" if names is not None else kind_of(y)
        self.is_multi_label = kind == "multilabel-indicator"
        if self.is_multi_label:
            self.classes = np.arange(np.shape(y)[1]) if names is None else names
        else:
            self.classes = np.unique(as_column(y))
            if len(self.classes) < 2:
                raise ValueError(f"y must have at least 2 classes, got only one class: {self.classes.tolist()[0]!r}.")
            if self.classes.dtype.kind in "OUT":
                warn_of_spellings(as_column(y).tolist(), "Each is a class of its own; write them alike.", stacklevel=5)
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
        y = checked_labels(y)
        check_consistent_length(X, y)
        if self.is_multi_label:
            return label_table(y, self.classes, name).astype(np.float32)
        return self._encode_classes(as_column(y), name)

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

    def strata(self, encoded: np.ndarray) -> np.ndarray:
        """Return the class of each case, or the table of its labels, for a split in proportion."""
        return encoded if self.is_multi_label else encoded.argmax(axis=1)

    def missing(self, encoded: np.ndarray) -> Any:
        """Return a class that no case has, or None."""
        is_missing_class = ~encoded.any(axis=0)
        if self.is_multi_label or not is_missing_class.any():
            return None
        return self.classes.tolist()[is_missing_class.argmax()]

    def learn_scale(self, encoded: np.ndarray, weight: np.ndarray) -> None:
        """Learn nothing, as classes have no scale; warn of labels that tell no cases apart.

        Warns
        -----
        UserWarning
            If no case of the training part has a label, or all have it.
        """
        if not self.is_multi_label:
            return
        counts = encoded.astype(bool).sum(axis=0)
        for what, is_so in (("no case", counts == 0), ("every case", counts == len(encoded))):
            if is_so.any():
                names = ", ".join(map(str, self.classes[is_so][:5])) + (", ..." if is_so.sum() > 5 else "")
                warnings.warn(
                    f"{what} of the training part has these labels, so nothing is learnt of them: {names}; leave them "
                    "out, or merge them with others.",
                    stacklevel=6,
                )

    def scaled(self, encoded: np.ndarray) -> np.ndarray:
        """Return the targets as the loss takes them."""
        return encoded

    def comparable(self, y: Any, X: Any) -> Any:
        """Return y in the form of `decode`: a table of labels in the order of the classes, or y itself."""
        return self.encode(y, X, "y").astype(int) if self.is_multi_label else y

    def decode(self, answers: np.ndarray) -> np.ndarray:
        """Return the predicted class of each case, or a 0/1 table of labels."""
        if self.is_multi_label:
            return (answers > 0.5).astype(int)
        return self.classes[answers.argmax(axis=1)]

    def get_state(self) -> dict[str, Any]:
        """Return what was learnt, as plain values."""
        classes = np.arange(len(self.classes)) if self.is_multi_label else self.classes
        has_names = self.classes.tolist() != classes.tolist()
        state = {"classes": classes, "is_multi_label": self.is_multi_label}
        return state | ({"names": self.classes} if has_names else {})

    def set_state(self, state: Any) -> "ClassTargets":
        """Restore what `get_state` returned, from an untrusted file.

        Raises
        ------
        ValueError
            If no fit could have learnt this.
        """
        if type(state) is not dict or set(state) - {"names"} != {"classes", "is_multi_label"}:
            raise ValueError(f"the state of the targets must be classes and is_multi_label, got {shown(state)}.")
        classes, is_multi_label = state["classes"], state["is_multi_label"]
        if type(is_multi_label) is not bool or type(classes) is not np.ndarray:
            raise ValueError(f"classes must be an array and is_multi_label True or False, got {shown(state)}.")
        expected = np.arange(len(classes)) if is_multi_label else np.unique(classes)
        if len(classes) < (1 if is_multi_label else 2) or classes.tolist() != expected.tolist():
            raise ValueError(f"classes must be different, in ascending order, got {shown(classes.tolist())}.")
        self.classes, self.is_multi_label = classes, is_multi_label
        if "names" in state:
            self.classes = checked_names(state["names"], len(classes) if is_multi_label else 0)
        return self
