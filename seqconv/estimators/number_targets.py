"""Numbers as a regressor reads, scales and predicts them."""

from reprlib import repr as shown
from typing import Any

import numpy as np
from sklearn.utils.validation import check_array, check_consistent_length

from seqconv.data.arrays import as_numpy
from seqconv.data.case_errors import case_error
from seqconv.data.checking import reject_text
from seqconv.data.moments import warn_of_level


class NumberTargets:
    """One or several numbers a case, scaled to mean 0 and deviation 1 for training.

    Attributes
    ----------
    centre, scale : arrays of float64, shape (n_outputs,)
    is_single : bool
        Whether y had one dimension.
    """

    loss_layer = "scaled_head"
    activation = "linear"
    loss = "MeanSquaredError"
    accuracy = None

    @property
    def n_outputs(self) -> int:
        """Numbers a case."""
        return len(self.scale)

    def learn(self, y: Any, X: Any) -> np.ndarray:
        """Learn the number of outputs and return y encoded, as `encode` does.

        Raises
        ------
        ValueError
            If y is None, is not finite or does not fit float32.
        TypeError
            If y holds strings or dates.
        """
        if y is None:
            raise ValueError("SeqConvRegressor requires y to be passed, but the target y is None.")
        self.is_single = np.asarray(_as_array(y)).ndim == 1
        return self.encode(y, X, "y")

    def encode(self, y: Any, X: Any, name: str) -> np.ndarray:
        """Return y as float64 (cases, outputs).

        Parameters
        ----------
        y : array of numbers
        X : object
            Cases, whose number must be that of y.
        name : str
            Name of y, for messages.
        """
        y = _as_array(y)
        values = np.asarray(y)
        reject_text(values, name)
        if values.dtype.kind in "mM":
            raise TypeError(f"{name} must be numbers, got {values.dtype}; subtract a date and divide by a unit.")
        y = check_array(y, ensure_2d=False, dtype=np.float64, input_name=name, ensure_all_finite=False)
        check_consistent_length(X, y)
        y = y.reshape(len(y), -1)
        odd = ~np.isfinite(y).all(axis=1)
        if odd.any():
            case = int(odd.argmax())
            raise case_error(
                ValueError, case, f"{name} must be finite, got NaN or inf in {{case}}: {y[case].tolist()}."
            )
        if name != "y" and y.shape[1] != self.n_outputs:
            raise ValueError(f"{name} must have {self.n_outputs} outputs a case, got {y.shape[1]}.")
        is_large = (np.abs(y) > np.finfo(np.float32).max).any(axis=1)
        if is_large.any():
            message = f"{name} must fit float32, got a larger number in {{case}}."
            raise case_error(ValueError, int(is_large.argmax()), message)
        return y

    def weigh(self, encoded: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Return the weights of cases unchanged."""
        return weight

    def strata(self, encoded: np.ndarray) -> None:
        """Return None: numbers are not split in proportion."""

    def missing(self, encoded: np.ndarray) -> None:
        """Return None: no class can be missing."""

    def learn_scale(self, encoded: np.ndarray, weight: np.ndarray) -> None:
        """Learn mean and deviation of each output from the training part.

        Warns
        -----
        UserWarning
            If an output varies too little around its level for float32.
        """
        self.centre = np.average(encoded, axis=0, weights=weight)
        deviation = np.sqrt(np.average((encoded - self.centre) ** 2, axis=0, weights=weight))
        self.scale = np.where(deviation > 0, deviation, 1.0)
        for output, level in enumerate(self.centre):
            warn_of_level(f"output {output} of y", level, deviation[output])

    def scaled(self, encoded: np.ndarray) -> np.ndarray:
        """Return the targets as the loss takes them, float32 of mean 0 and deviation 1."""
        # Scaled in float64: a level far above the deviation would leave no digits in float32.
        return ((encoded - self.centre) / self.scale).astype(np.float32)

    def decode(self, answers: np.ndarray) -> np.ndarray:
        """Return the predicted numbers, one-dimensional where y was."""
        return answers[:, 0] if self.is_single else answers

    def get_state(self) -> dict[str, Any]:
        """Return what was learnt, as plain values."""
        return {"centre": self.centre, "scale": self.scale, "is_single": self.is_single}

    def set_state(self, state: Any) -> "NumberTargets":
        """Restore what `get_state` returned, from an untrusted file.

        Raises
        ------
        ValueError
            If no fit could have learnt this.
        """
        if type(state) is not dict or set(state) != {"centre", "scale", "is_single"}:
            raise ValueError(f"the state of the targets must be centre, scale and is_single, got {shown(state)}.")
        centre, scale, is_single = state["centre"], state["scale"], state["is_single"]
        for name, array in (("centre", centre), ("scale", scale)):
            is_array = type(array) is np.ndarray and array.dtype.str == "<f8"
            if not is_array or not np.isfinite(array).all():
                raise ValueError(f"{name} of the targets must be finite float64 numbers, got {shown(array)}.")
        if len(centre) != len(scale) or not len(scale) or not (scale > 0).all():
            raise ValueError(
                f"each output must have a centre and a scale above 0, got {len(centre)} and {shown(scale.tolist())}."
            )
        if type(is_single) is not bool or (is_single and len(scale) != 1):
            raise ValueError(f"a single output must have one scale, got {len(scale)}.")
        self.centre, self.scale, self.is_single = centre, scale, is_single
        return self


def _as_array(y):
    """Convert tensors of PyTorch and masked arrays, whose hidden values become NaN; return anything else unchanged."""
    return as_numpy(y) if hasattr(y, "detach") or isinstance(y, np.ma.MaskedArray) else y
