"""Python values as JSON, and back: bounded, canonical, and nothing but plain values."""

import json
import math
from collections.abc import Callable
from reprlib import repr as shown
from typing import Any

import numpy as np

_MOST_JSON_BYTES = 1 << 26
_MOST_ARRAY_BYTES = 1 << 24


def dump_json(value: Any) -> bytes:
    """Return the value as JSON in UTF-8, without NaN or infinity.

    Raises
    ------
    ValueError
        If it is longer than `parse_json` accepts.
    """
    data = json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode()
    if len(data) > _MOST_JSON_BYTES:
        raise ValueError(f"a vocabulary of {len(data)} bytes is too long to be saved; lower max_tokens.")
    return data


def parse_json(data: bytes, file_size: int) -> Any:
    """Return the value of JSON from an untrusted file of that many bytes.

    Raises
    ------
    ValueError
        If it is not JSON, or if it has far more values than the file has bytes for.
    """
    # A value takes up to 100 bytes of memory, however short it is written.
    n_values = sum(data.count(mark) for mark in (b",", b"[", b"{"))
    if len(data) > _MOST_JSON_BYTES or n_values > 500_000 + file_size // 32:
        raise ValueError(f"{len(data)} bytes and {n_values} values of JSON are too many.")
    try:
        return json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise ValueError(f"this is not JSON of seqconv: {str(error)[:200]}") from error


def to_plain(value: Any, name: str, describe: Callable[[Any, str], dict[str, Any]] | None = None) -> Any:
    """Return a Python or NumPy value as JSON values, from which `from_plain` makes it again.

    Parameters
    ----------
    value : object
        None, bool, number, string, list, tuple, dict or one-dimensional array of these.
    name : str
        What the value is, for the message.
    describe : callable, optional
        Describes any other object as a dict with the key ``"class"``.

    Raises
    ------
    ValueError
        If the value is of another kind.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if type(value) is float and not math.isfinite(value):
        return {"float": str(value)}
    if value is None or type(value) in (bool, int, float, str):
        return value
    if type(value) is list:
        return [to_plain(item, name, describe) for item in value]
    if type(value) is tuple:
        return {"tuple": to_plain(list(value), name, describe)}
    if type(value) is dict:
        items = [[to_plain(key, name), to_plain(item, f"{key} of {name}", describe)] for key, item in value.items()]
        return {"dict": items}
    if isinstance(value, np.ndarray) and value.ndim == 1 and _holds_plain(value):
        return {"array": value.dtype.str, "values": to_plain(value.tolist(), name)}
    if describe is not None and not isinstance(value, np.ndarray):
        return describe(value, name)
    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    kind += f" of shape {value.shape} and dtype {value.dtype}" if isinstance(value, np.ndarray) else ""
    raise ValueError(f"{name} holds a {kind}, which a saved file cannot hold; use numbers, strings and lists.")


def _holds_plain(array):
    return array.dtype.kind in "biufU" or (array.dtype == object and all(type(item) is str for item in array))


def from_plain(plain: Any, make: Callable[[dict[str, Any]], Any] | None = None) -> Any:
    """Return the value that `to_plain` was given.

    Parameters
    ----------
    plain : JSON value
    make : callable, optional
        Makes an object from a dict with the key ``"class"``.

    Raises
    ------
    ValueError
        If it is not what `to_plain` returns.
    """
    match plain:
        case None | bool() | int() | float() | str():
            return plain
        case list():
            return [from_plain(item, make) for item in plain]
        case {"float": "nan" | "inf" | "-inf" as text, **rest} if not rest:
            return float(text)
        case {"tuple": list(items), **rest} if not rest:
            return tuple(from_plain(items, make))
        case {"dict": list(items), **rest} if not rest and all(type(item) is list and len(item) == 2 for item in items):
            return {_key(key): from_plain(item, make) for key, item in items}
        case {"array": str(dtype), "values": list(items), **rest} if not rest:
            return _array(dtype, from_plain(items), plain)
        case {"class": _} if make is not None:
            return make(plain)
    raise ValueError(f"{shown(plain)} is not a value of a saved file.")


def _key(plain):
    if type(plain) not in (bool, int, float, str):
        raise ValueError(f"a key must be a number or a string, got {shown(plain)}.")
    return plain


def _array(dtype, items, plain):
    if len(items) * np.dtype(dtype).itemsize > _MOST_ARRAY_BYTES:
        raise ValueError(f"an array of {dtype} must have at most {_MOST_ARRAY_BYTES} bytes.")
    array = np.array(items, dtype=dtype)
    if array.ndim != 1 or not _holds_plain(array) or to_plain(array, "array") != plain:
        raise ValueError(f"{shown(items)} cannot be an array of {dtype}.")
    return array
