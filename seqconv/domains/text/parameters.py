"""Checks of the parameters and the state of a TextAdapter."""

from typing import TYPE_CHECKING, Any

import numpy as np

from seqconv.arguments import choice, flag, is_whole, number, whole
from seqconv.domains.text.records import is_unicode

if TYPE_CHECKING:
    from seqconv.domains.base import Adapter

_CHOICES = {
    "unit": ("word", "char", "subword"),
    "normalize": ("NFKC", "NFC", None),
    "cut": ("end", "start", "middle"),
    "vectors_mode": ("trained", "static", "both"),
}
_LARGEST = (1 << 31) - 1
_WHOLE = {
    "max_tokens": (1, _LARGEST),
    "min_count": (1, _LARGEST),
    "max_steps": (1, _LARGEST),
    "n_buckets": (1, 1 << 24),
    "max_pieces": (3, 1 << 12),
    "n_dims": (1, 1 << 16),
}
_OPTIONAL = ("max_tokens", "min_count", "max_steps")


def check_text_parameters(adapter: "Adapter") -> None:
    """Raise if a parameter of a TextAdapter is out of range; `vectors` is checked where it is read."""
    for name, choices in _CHOICES.items():
        choice(name, getattr(adapter, name), choices)
    for name in ("lowercase", "stream"):
        flag(name, getattr(adapter, name))
    for name, (least, most) in _WHOLE.items():
        whole(name, getattr(adapter, name), least, most, optional=name in _OPTIONAL)
    number("piece_dropout", adapter.piece_dropout, 0, below=1)
    whole("random_state", adapter.random_state, 0, optional=True)
    n_grams = adapter.n_grams
    is_pair = isinstance(n_grams, tuple | list) and len(n_grams) == 2 and all(is_whole(n, 1, 100) for n in n_grams)
    if not is_pair or n_grams[0] > n_grams[1]:
        raise ValueError(f"n_grams must be the shortest and longest length, 1 to 100, such as (3, 5), got {n_grams!r}.")


def check_text_state(state: Any, arrays: Any, n_other_tokens: int) -> tuple[list[str], int, np.ndarray | None]:
    """Return vocabulary, n_dims and vectors of a state from an untrusted file.

    Parameters
    ----------
    state, arrays : dict
    n_other_tokens : int
        Number of ids outside of the vocabulary.

    Raises
    ------
    ValueError
        If `TextAdapter.fit` cannot leave this state.
    """
    keys = {"vocabulary", "n_dims"}
    if not isinstance(state, dict) or set(state) - {"normalize"} != keys or not isinstance(arrays, dict):
        raise ValueError("the state must be a dict of 'vocabulary', 'n_dims' and 'normalize', and a dict of arrays.")
    choice("normalize", state.get("normalize"), _CHOICES["normalize"])
    words = state["vocabulary"]
    if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
        raise ValueError("the vocabulary must be a list of strings, at least one and each with a character.")
    if len(set(words)) < len(words) or not all(map(is_unicode, words)):
        raise ValueError("the vocabulary must be distinct strings of whole Unicode.")
    n_dims = whole("n_dims", state["n_dims"], *_WHOLE["n_dims"])
    shape, vectors = (n_other_tokens + len(words), n_dims), arrays.get("vectors")
    if set(arrays) - {"vectors"} or (vectors is not None and not _are_vectors(vectors, shape)):
        raise ValueError(f"the arrays must be empty or 'vectors', finite float32 of shape {shape} with 0 in row 0.")
    return words, n_dims, vectors


def _are_vectors(vectors, shape):
    is_array = isinstance(vectors, np.ndarray) and vectors.dtype == np.float32 and vectors.shape == shape
    return is_array and np.isfinite(vectors).all() and not vectors[0].any()
