"""Are these the parameters and the state of a TextAdapter?"""

from numbers import Integral, Real

import numpy as np

from seqconv.domains.text.records import is_unicode

_CHOICES = {"unit": ("word", "char", "subword"), "cut": ("end", "start", "middle"), "lowercase": (True, False)}
_CHOICES["stream"] = (True, False)
_CHOICES["vectors_mode"] = ("trained", "static", "both")
_LARGEST = {"n_buckets": 1 << 24, "max_pieces": 1 << 12, "n_dims": 1 << 16}
_LARGEST |= dict.fromkeys(("max_tokens", "min_count", "max_steps"), (1 << 31) - 1)
_OPTIONAL = ("max_tokens", "max_steps")


def check_parameters(adapter):
    """Refuse parameters of a TextAdapter that are out of range; `vectors` is checked where it is read."""
    for name, choices in _CHOICES.items():
        if getattr(adapter, name) not in choices:
            raise ValueError(f"{name} must be one of {choices}, got {getattr(adapter, name)!r}.")
    for name, most in _LARGEST.items():
        value, least = getattr(adapter, name), 3 if name == "max_pieces" else 1
        if not (name in _OPTIONAL and value is None) and not _is_integer(value, least, most):
            raise ValueError(f"{name} must be an integer from {least} to {most}, got {value!r}.")
    dropout = adapter.piece_dropout
    if isinstance(dropout, bool) or not isinstance(dropout, Real) or not 0 <= dropout < 1:
        raise ValueError(f"piece_dropout must be a number from 0 to below 1, got {dropout!r}.")
    if adapter.random_state is not None and not _is_integer(adapter.random_state, 0):
        raise ValueError(f"random_state must be None or an integer from 0 on, got {adapter.random_state!r}.")
    n_grams = adapter.n_grams
    is_pair = isinstance(n_grams, tuple | list) and len(n_grams) == 2 and all(_is_integer(n, 1, 100) for n in n_grams)
    if not is_pair or n_grams[0] > n_grams[1]:
        raise ValueError(f"n_grams must be the shortest and longest length, 1 to 100, such as (3, 5), got {n_grams!r}.")


def check_state(state, arrays, n_other_tokens):
    """Vocabulary, n_dims and vectors of a stored TextAdapter, or ValueError: nobody vouches for the file.

    `n_other_tokens` is the number of ids beside the vocabulary's.
    """
    if not isinstance(state, dict) or set(state) != {"vocabulary", "n_dims"} or not isinstance(arrays, dict):
        raise ValueError("the state must be a dict of 'vocabulary' and 'n_dims', and a dict of arrays.")
    words, n_dims = state["vocabulary"], state["n_dims"]
    if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
        raise ValueError("the vocabulary must be a list of at least one string, none of them empty.")
    if len(set(words)) < len(words) or not all(map(is_unicode, words)):
        raise ValueError("the vocabulary must be distinct strings of whole Unicode.")
    if not _is_integer(n_dims, 1, _LARGEST["n_dims"]):
        raise ValueError(f"n_dims must be an integer from 1 to {_LARGEST['n_dims']}, got {n_dims!r}.")
    shape, vectors = (n_other_tokens + len(words), n_dims), arrays.get("vectors")
    if set(arrays) - {"vectors"} or (vectors is not None and not _are_vectors(vectors, shape)):
        raise ValueError(f"the arrays must be 'vectors' of shape {shape}, finite float32 with 0 in row 0, or none.")
    return words, n_dims, vectors


def _are_vectors(vectors, shape):
    is_array = isinstance(vectors, np.ndarray) and vectors.dtype == np.float32 and vectors.shape == shape
    return is_array and np.isfinite(vectors).all() and not vectors[0].any()


def _is_integer(value, least, most=None):
    is_integer = isinstance(value, Integral) and not isinstance(value, bool)
    return is_integer and value >= least and (most is None or value <= most)
