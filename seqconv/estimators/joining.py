"""The linear model beside the network of a text classifier: fitted, weighed, and checked when loaded."""

import keras
import numpy as np

from seqconv.models import build_average, build_joined
from seqconv.training.part import Part
from seqconv.training.weighing import USUAL, answers_of, set_apart, weigh
from seqconv.training.wide import fit_wide

PREFIX = "wide/"
_SCALED = ("table", "pair_table", "bias")
_MOST_SHARE = 100.0


def build(members: list[keras.Model], wide: dict[str, np.ndarray] | None) -> keras.Model:
    """Build the model of an estimator: the average of its members, joined with the linear model if there is one."""
    average = build_average(members)
    if wide is None:
        return average
    weights = {name: array for name, array in wide.items() if name != "share"}
    return build_joined(average, weights, float(wide["share"][0]))


class Joining:
    """Linear model of the training part, to be weighed against networks.

    Parameters
    ----------
    training : Part
        Token ids of all cases to learn from.
    validation : Part or None
        Cases to weigh by. None sets a tenth of the training part apart, if that may be.
    n_tokens : int
        Number of ids.
    may_set_apart : bool
        Whether cases may be set apart. If not, both have their usual weights.
    seed : int
    verbose : {0, 1}

    Attributes
    ----------
    training : Part
        Cases that the networks may learn from.
    """

    def __init__(
        self, training: Part, validation: Part | None, n_tokens: int, may_set_apart: bool, seed: int, verbose: int
    ):
        self.weights, left_out = fit_wide(training, n_tokens, seed)
        self.training, self.apart, self.logits = training, validation, None
        if validation is None and may_set_apart:
            rows, watched = set_apart(training, seed)
            if len(watched):
                self.training, self.apart, self.logits = training.of(rows), training.of(watched), left_out[watched]
        if verbose:
            n_apart = 0 if self.apart is None else len(self.apart)
            print(f"fit: linear model of {len(training)} cases; {n_apart} weigh the network", flush=True)

    def weighed(self, members: list[keras.Model]) -> dict[str, np.ndarray]:
        """Return the weights of the linear model, scaled, and the share of the networks."""
        factor, share = USUAL
        if self.apart is not None:
            average = build_average(members)
            logits = self.logits
            if logits is None:
                joined = build_joined(average, self.weights, 0.0)
                logits = answers_of(keras.Model(joined.input, joined.get_layer("wide").output), self.apart)
            factor, share = weigh(logits, answers_of(average, self.apart), self.apart)
        scaled = {name: factor * array if name in _SCALED else array for name, array in self.weights.items()}
        return {name: np.asarray(array, self.weights[name].dtype) for name, array in scaled.items()} | {
            "share": np.array([share], np.float32)
        }


def stored(wide: dict[str, np.ndarray] | None) -> dict[str, np.ndarray]:
    """Return the arrays of a linear model by the names that they have in a file."""
    # Files hold floats alone; float64 holds every int32.
    return {
        PREFIX + name: array.astype(np.float64) if name == "pair_codes" else array
        for name, array in (wide or {}).items()
    }


def checked(arrays: dict[str, np.ndarray], n_tokens: int, n_classes: int) -> dict[str, np.ndarray] | None:
    """Return the linear model of an untrusted file by name, or None if the file has no linear model.

    Raises
    ------
    ValueError
        If a name, a dtype or a shape is not that of such a model, or if the share is out of its range.
    """
    wide = {name.removeprefix(PREFIX): array for name, array in arrays.items() if name.startswith(PREFIX)}
    if not wide:
        return None
    n_pairs = wide["pair_codes"].size if "pair_codes" in wide else 0
    needed = {
        "table": (n_tokens, n_classes),
        "squares": (n_tokens,),
        "pair_table": (n_pairs, n_classes),
        "pair_squares": (n_pairs,),
        "pair_codes": (n_pairs,),
        "bias": (n_classes,),
        "share": (1,),
    }
    for name in sorted(needed.keys() | wide.keys()):
        dtype = np.dtype("float64" if name == "pair_codes" else "float32")
        array = wide.get(name)
        if array is None or name not in needed or array.dtype != dtype or array.shape != needed[name] or n_pairs == 0:
            found = "none" if array is None else f"{array.dtype} {array.shape}"
            raise ValueError(f"{PREFIX}{name} must be {dtype} {needed.get(name, 'left out')}, the file has {found}.")
    if not 0 <= float(wide["share"][0]) <= _MOST_SHARE:
        raise ValueError(f"{PREFIX}share must be 0 to {_MOST_SHARE:g}, the file has {wide['share'][0]}.")
    codes = wide["pair_codes"]
    if not ((codes >= 0) & (codes < 1 << 31) & (codes % 1 == 0)).all():
        raise ValueError(f"{PREFIX}pair_codes must be whole numbers from 0 to below 2**31, the file has others.")
    return wide | {"pair_codes": codes.astype(np.int32)}
