"""Python values as JSON, and back: bounded, canonical, and nothing but plain values."""

import json
import math
import re
from collections.abc import Callable
from reprlib import repr as shown
from typing import Any

import numpy as np

_MOST_JSON_BYTES = 1 << 26
_DTYPE = re.compile(r"[<>|=][biuf]\d|[<>]U\d{1,7}|\|O")
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


def parse_json(data: bytes, name: str, file_size: int) -> Any:
    """Return the value of a JSON member.

    Parameters
    ----------
    data : bytes
    name : str
        Name of the member, for the message.
    file_size : int
        Bytes of the whole file, which bound the memory that values may take.

    Raises
    ------
    ValueError
        If it is not JSON, or if it has far more values than the file has bytes for.
    """
    # A value takes up to 100 bytes of memory, however short it is written.
    n_values = sum(data.count(mark) for mark in (b",", b"[", b"{"))
    if len(data) > _MOST_JSON_BYTES or n_values > 500_000 + file_size // 32:
        raise ValueError(f"{name} must be at most {_MOST_JSON_BYTES} bytes and must not hold {n_values} values.")
    try:
        return json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{name} is not JSON of seqconv: {str(error)[:200]}") from error


def require_keys(value: Any, keys: set[str], place: str) -> None:
    """Raise a ValueError if the value is not a JSON object of exactly these keys."""
    if type(value) is not dict or set(value) != keys:
        got = sorted(value) if type(value) is dict else value
        raise ValueError(f"{place} must have {', '.join(sorted(keys))}, and nothing else, got {shown(got)}.")


def to_plain(value: Any, name: str, describe: Callable[[Any, str], Any] | None = None) -> Any:
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
    if value is None or type(value) in (bool, int, str):
        return value
    if type(value) is float:
        return value if math.isfinite(value) else {"float": str(value)}
    if type(value) is list:
        return [to_plain(item, name, describe) for item in value]
    if type(value) is tuple:
        return {"tuple": to_plain(list(value), name, describe)}
    if type(value) is dict:
        return {"dict": [[to_plain(key, name), to_plain(item, name, describe)] for key, item in value.items()]}
    if isinstance(value, np.ndarray) and _is_plain_array(value):
        return {"array": value.dtype.str, "values": to_plain(value.tolist(), name)}
    if describe is not None and not isinstance(value, np.ndarray):
        return describe(value, name)
    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    if isinstance(value, np.ndarray):
        kind += f" of shape {value.shape} and dtype {value.dtype}"
    raise ValueError(f"{name} holds a {kind}, which a saved file cannot hold; use numbers, strings and lists.")


def _is_plain_array(array):
    is_text = array.dtype != object or all(type(item) is str for item in array.flat)
    return array.ndim == 1 and is_text and _DTYPE.fullmatch(array.dtype.str) is not None


def from_plain(plain: Any, name: str, make: Callable[[dict[str, Any], str], Any] | None = None) -> Any:
    """Return the value that `to_plain` was given.

    Parameters
    ----------
    plain : JSON value
    name : str
        What the value is, for the message.
    make : callable, optional
        Makes an object from a dict with the key ``"class"``.

    Raises
    ------
    ValueError
        If it is not what `to_plain` returns.
    """
    if plain is None or type(plain) in (bool, int, float, str):
        return plain
    if type(plain) is list:
        return [from_plain(item, name, make) for item in plain]
    match plain:
        case {"float": "nan" | "inf" | "-inf" as text} if len(plain) == 1:
            return float(text)
        case {"tuple": list(items)} if len(plain) == 1:
            return tuple(from_plain(items, name, make))
        case {"dict": list(pairs)} if len(plain) == 1 and all(type(pair) is list and len(pair) == 2 for pair in pairs):
            return {_key(key, name): from_plain(item, name, make) for key, item in pairs}
        case {"array": str(dtype), "values": list(items)} if len(plain) == 2 and _DTYPE.fullmatch(dtype):
            return _to_array(dtype, from_plain(items, name), name)
        case {"class": str()} if make is not None:
            return make(plain, name)
    raise ValueError(f"{name} has {shown(plain)}, which a saved file cannot hold.")


def _key(plain, name):
    if type(plain) not in (bool, int, float, str):
        raise ValueError(f"{name} must have numbers or strings as keys, got {shown(plain)}.")
    return plain


def _to_array(dtype, items, name):
    dtype = np.dtype(dtype)
    types = {"b": (bool,), "i": (int,), "u": (int,), "f": (float, int), "U": (str,), "O": (str,)}[dtype.kind]
    if len(items) * dtype.itemsize > _MOST_ARRAY_BYTES or any(type(item) not in types for item in items):
        raise ValueError(f"{name} must be at most {_MOST_ARRAY_BYTES} bytes of {dtype} values.")
    array = np.array(items, dtype=dtype)
    if array.tolist() != items and not (dtype.kind == "f" and np.isnan(array).any()):
        raise ValueError(f"{name} has values that {dtype} cannot hold.")
    return array
