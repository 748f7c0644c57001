"""Cases of shape (channels, steps), as aeon, tsai and PyTorch have them."""

import warnings
from typing import Any

import numpy as np

from seqconv.data.arrays import as_numpy, is_list_of_cases

_MOST_CHANNELS = 32
_FEW_STEPS = 50


def from_channels_first(X: Any) -> Any:
    """Convert cases of shape (channels, steps) to (steps, channels).

    Parameters
    ----------
    X : array of shape (n_cases, n_channels, n_steps), or list of arrays of shape (n_channels, n_steps_i)
        An array or tensor as aeon, tsai and PyTorch have them.

    Returns
    -------
    array of shape (n_cases, n_steps, n_channels), or list of arrays of shape (n_steps_i, n_channels)
        Views, if X holds NumPy arrays. Values and dtype are unchanged.

    Raises
    ------
    ValueError
        If X does not have three dimensions, or a case of a list does not have two; the message names the case.
    TypeError
        If X is not an array or a list of arrays.

    Examples
    --------
    >>> import numpy as np
    >>> from_channels_first(np.zeros((10, 3, 500))).shape
    (10, 500, 3)
    """
    X = as_numpy(X)
    if is_list_of_cases(X):
        cases = [np.asarray(as_numpy(case)) for case in X]
        wrong = next((i for i, case in enumerate(cases) if case.ndim != 2), None)
        if wrong is not None:
            raise ValueError(
                f"each case must be (channels, steps), got shape {cases[wrong].shape} for case {wrong}; a case of one "
                "channel is case[None, :]."
            )
        return [case.T for case in cases]
    X = X if isinstance(X, np.ndarray) else np.asarray(X)
    if X.ndim != 3:
        raise ValueError(
            f"X must be (cases, channels, steps), got shape {X.shape}; cases of one channel, (cases, steps), go to fit as "
            "they are."
        )
    return np.swapaxes(X, 1, 2)


def warn_if_channels_first(X: Any, stacklevel: int = 2) -> bool:
    """Warn if the shape of X looks like (cases, channels, steps), and return whether it does.

    Parameters
    ----------
    X : object
        Anything given to `fit`. Only shapes are looked at.
    stacklevel : int, default=2
        Level of the user's call, as `warnings.warn` counts it from this function.

    Returns
    -------
    bool

    Warns
    -----
    UserWarning
        If the second axis has at most 32 entries, and the third more than 50 and more than four times as many.
        Of a list, all cases have the same first axis, and each a second axis of that kind.

    Notes
    -----
    Cases of at least as many steps as channels are never warned of.

    Examples
    --------
    >>> import numpy as np
    >>> warn_if_channels_first(np.zeros((10, 500, 3)))
    False
    """
    shapes = _shapes_of_cases(X)
    looks = (
        len({n_first for n_first, _ in shapes}) == 1
        and shapes[0][0] <= _MOST_CHANNELS
        and all(n_second > max(_FEW_STEPS, 4 * n_first) for n_first, n_second in shapes)
    )
    if looks:
        n_first, n_second = shapes[0]
        warnings.warn(
            f"X has {n_first} step(s) of {n_second} channels a case, which looks like (channels, steps). If so, give "
            "seqconv.formats.from_channels_first(X).",
            stacklevel=stacklevel,
        )
    return looks


def _shapes_of_cases(X):
    """Return the shapes of the cases that have two dimensions; none if a case has another number of them."""
    shape = getattr(X, "shape", None)
    if shape is not None and len(shape) == 3:
        return [tuple(shape[1:])] if min(shape) > 0 else []
    is_list = isinstance(X, list | tuple) or (isinstance(X, np.ndarray) and X.ndim == 1)
    # Names of columns tell which axis holds the channels.
    shapes = [() if hasattr(case, "columns") else tuple(getattr(case, "shape", ())) for case in X] if is_list else []
    return shapes if all(len(one) == 2 for one in shapes) else []
